using System.CommandLine;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Audit;

/// <summary><c>hub verify</c>: checks the audit log, beside a running hub too.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var head = new Option<string?>("--head") { Description = "a head that was noted earlier: it must still be in the log", HelpName = "NUMBER:HASH" };
        var heads = new Option<FileInfo?>("--heads") { Description = "heads that a lane holds, as `anpr lane heads` prints them: all of this log's must still be in it", HelpName = "FILE" };
        var command = new Command("verify", "checks that nothing in the audit log was changed, put in, taken out or written anew") { data, head, heads };
        command.SetAction(parsed =>
        {
            var files = new HubFiles(parsed.GetRequiredValue(data));
            if (!File.Exists(files.File(AuditLog.FileName)))
            {
                throw new InputException($"there is no audit log in {files.Path}. Make a hub with `hub init --data {files.Path}`.");
            }

            var held = parsed.GetValue(heads) is { } file ? Read(file, files) : null;
            var verdict = AuditVerifier.Verify(files.Path, parsed.GetValue(head), held);
            System.Console.Out.WriteLine(Words(verdict));
            if (verdict.Fault is null)
            {
                return 0;
            }

            System.Console.Error.WriteLine($"anpr hub: the audit log is broken after entry {verdict.Entries}: {verdict.Fault}. Keep a copy of {files.File(AuditLog.FileName)} and tell your security officer.");
            return 1;
        });
        return command;
    }

    private static string Words(AuditVerdict verdict) =>
        $"audit log: {verdict.Entries} entries are whole, head {verdict.Head}"
        + (verdict.Erased > 0 ? $"; the content of {verdict.Erased} was erased, and the log says by which entry" : "")
        + (verdict.Heads > 0 ? $"; {verdict.Heads} heads of lanes are in it" : "")
        + (verdict.Others.Count > 0 ? $"; heads of {string.Join(", ", verdict.Others)} are to be checked at those hubs" : "");

    /// <exception cref="InputException">A line is no head, or is not signed by this hub.</exception>
    private static List<AuditHead> Read(FileInfo file, HubFiles files)
    {
        if (!file.Exists)
        {
            throw new InputException($"{file.FullName} does not exist. Take it from a lane: `anpr lane heads > FILE`.");
        }

        using var key = SigningKey.Read(files);
        var heads = new List<AuditHead>();
        foreach (var (line, number) in File.ReadLines(file.FullName).Select((line, i) => (line, i + 1)).Where(l => l.line.Length > 0))
        {
            heads.Add(AuditHead.Read(line, key) ?? throw new InputException($"{file.Name}:{number}: it is no head that this hub has signed. Take the file from a lane of this hub: `anpr lane heads > FILE`."));
        }

        return heads.Count > 0 ? heads : throw new InputException($"{file.FullName} holds no heads. A lane gets one each hour; take the file from a lane that has been connected longer.");
    }
}
