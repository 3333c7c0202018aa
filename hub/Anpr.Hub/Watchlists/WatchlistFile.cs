using System.Globalization;
using Anpr.Hub.Access;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;
using Anpr.Models.Plates;

namespace Anpr.Hub.Watchlists;

/// <summary>The watchlist as a CSV file. What is exported can be imported again and changes nothing.</summary>
public sealed class WatchlistFile(WatchlistBook book, Users users, TimeProvider time)
{
    private static readonly string[] Needed = ["pattern", "kind", "priority", "display", "reason", "expires_at"];
    private static readonly string[] Columns = [.. Needed, "owner", "covert", "ports", "least_probability"];

    /// <summary>The active entries that this user may see, and how many they are.</summary>
    public (byte[] Csv, int Entries) Export(string user)
    {
        var entries = book.Entries(user).Where(e => e.TurnedAway is null).ToList();
        return (CsvTable.Write(Columns, entries.Select(e => (IReadOnlyList<string>)
        [
            e.Pattern, e.Kind.ToString().ToLowerInvariant(), Number(e.Priority), e.Display, e.Reason, e.ExpiresAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            e.Owner, e.Covert ? "true" : "false", string.Join(' ', e.Ports), e.Least?.ToString(CultureInfo.InvariantCulture) ?? "",
        ])), entries.Count);
    }

    /// <summary>
    /// Takes in a file: good rows are kept and compared with the last 7 days, each other row is named in the report. A row with pattern, kind and owner of an
    /// active entry changes that one. Rows that somebody else was quicker with, or that the store failed at, are named too.
    /// </summary>
    /// <param name="bytes">The file.</param>
    /// <param name="user">Who imports it; owner of rows that name none. Covert entries of others are neither seen nor changed.</param>
    /// <returns>The report, and how many alerts the last 7 days gave; null when they could not be compared.</returns>
    /// <exception cref="InputException">It is no such file at all.</exception>
    /// <exception cref="Storage.StoreFailedException">The store failed before anything was kept.</exception>
    public async Task<(ImportReport Report, int? Past)> ImportAsync(ReadOnlyMemory<byte> bytes, string user)
    {
        var now = time.GetUtcNow();
        var rows = CsvTable.Read(bytes.Span, Columns, Needed);
        var since = book.Revision; // before the entries are read: what changes from here on is looked at again
        var known = new Dictionary<(string, ListedKind, string), ListEntry>();
        foreach (var entry in book.Entries(user).Where(e => e.TurnedAway is null))
        {
            known.TryAdd((entry.Pattern, entry.Kind, entry.Owner), entry);
        }

        var (refused, wanted, met) = (new List<RefusedRow>(), new List<WantedEntry>(), new Dictionary<(string, ListedKind, string), int>());
        foreach (var row in rows)
        {
            if (row.Fault.Length > 0)
            {
                refused.Add(new(row.Line, "", row.Fault));
                continue;
            }

            if (!TryRead(row, user, now, refused, out var asked))
            {
                continue;
            }

            var key = (asked.Pattern, asked.Kind, asked.Owner);
            if (!met.TryAdd(key, row.Line))
            {
                refused.Add(new(row.Line, "pattern", $"the same as line {met[key]}. Keep one of them"));
            }
            else if (known.GetValueOrDefault(key) is not { } old)
            {
                wanted.Add(new(row.Line, asked, null));
            }
            else if (!IsSame(asked, old))
            {
                wanted.Add(new(row.Line, asked, old));
            }
        }

        var put = await book.PutAllAsync(wanted, since);
        foreach (var row in wanted.Where(w => !put.Kept.ContainsKey(w.Line)))
        {
            refused.Add(new(row.Line, "", put.Left.Contains(row.Line)
                ? "somebody else changed, ended or added this entry in the same moment, and that was left. Look at it, and import the row again if it is still wanted"
                : $"was not kept. {put.Failed?.Message} Then import the file again"));
        }

        var added = wanted.Count(w => w.Old is null && put.Kept.ContainsKey(w.Line));
        var report = new ImportReport(rows.Count, added, put.Kept.Count - added, 0, [.. refused.OrderBy(r => r.Line)]);
        return (report with { Unchanged = rows.Count - put.Kept.Count - report.RefusedRows }, put.Past?.Count);
    }

    private static bool IsSame(NewEntry asked, ListEntry old) => asked.Changing(old) with { Ports = old.Ports } == old && asked.Ports.SequenceEqual(old.Ports, StringComparer.Ordinal);

    private bool TryRead(CsvRow row, string user, DateTimeOffset now, List<RefusedRow> refused, out NewEntry asked)
    {
        var faults = new List<FieldFault>();
        Check("kind", Names.TryRead<ListedKind>(row["kind"], out var kind), "exact, wildcard or fuzzy");
        Check("priority", int.TryParse(row["priority"], NumberStyles.None, CultureInfo.InvariantCulture, out var priority), "1 (highest) to 3");
        Check("expires_at", TryTime(row["expires_at"], out var expires), "give a time in UTC, such as 2026-12-24T08:00:00Z, or a day: its end counts");
        Check("covert", row["covert"].ToLowerInvariant() is "" or "true" or "false", "true or false");
        double? least = double.TryParse(row["least_probability"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var p) ? p : null;
        Check("least_probability", least is not null || row["least_probability"].Length == 0, "a number such as 0.05, or nothing for the usual");
        var owner = row["owner"].Length == 0 ? user : row["owner"];
        Check("owner", users.Find(owner) is not null, $"there is no user '{owner}'. Leave it empty for yourself");
        Check("owner", users.Find(owner) is not { Role: not (Role.Officer or Role.Supervisor) }, "sees no alerts. Name an officer or a supervisor, or leave it empty for yourself");
        asked = new NewEntry(row["pattern"], kind, priority, row["display"], row["reason"], owner, expires, string.Equals(row["covert"], "true", StringComparison.OrdinalIgnoreCase))
        {
            Ports = row["ports"].ToLowerInvariant().Split([' ', ',', '|'], StringSplitOptions.RemoveEmptyEntries),
            Least = least,
        };
        try
        {
            asked = asked.Checked(now);
        }
        catch (ListEntryException wrong)
        {
            faults.AddRange(wrong.Faults.Where(f => !faults.Exists(known => known.Field == f.Field)));
        }

        refused.AddRange(faults.Select(f => new RefusedRow(row.Line, f.Field, f.Why)));
        return faults.Count == 0;

        void Check(string field, bool good, string cure)
        {
            if (!good)
            {
                faults.Add(new(field, row[field].Length == 0 ? cure : $"'{row[field]}': {cure}"));
            }
        }
    }

    // A day alone means its end.
    private static bool TryTime(string text, out DateTimeOffset time)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            time = new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 59, 59)), TimeSpan.Zero);
            return true;
        }

        return TypedTime.TryRead(text, out time);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
