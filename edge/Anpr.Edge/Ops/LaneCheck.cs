using System.Globalization;
using Anpr.Edge.Sense;
using Anpr.Models;

namespace Anpr.Edge.Ops;

/// <summary>How one thing was found.</summary>
internal enum Verdict
{
    /// <summary>Well.</summary>
    OK,

    /// <summary>Works, but not for long or not as it should.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Error,
}

/// <summary>One line of the check.</summary>
/// <param name="Verdict">How it was found.</param>
/// <param name="What">The thing.</param>
/// <param name="Words">What was seen, and the next step where one is needed.</param>
internal sealed record Finding(Verdict Verdict, string What, string Words);

/// <summary><c>anpr lane check</c>: reads every configured thing once and says how it is.</summary>
internal sealed class LaneCheck(string data, CameraCheck cameras, TextWriter output, TimeProvider time)
{
    /// <summary>A certificate that ends sooner is called out.</summary>
    internal static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    private const long LeastFreeBytes = 100_000_000;
    private bool _failed;

    /// <summary>Checks everything.</summary>
    /// <returns>0, or 1 when something does not work.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var options = Try("config", () => LaneOptions.Load(data), o => $"{LaneOptions.FileName}: {o.Cameras.Count} camera{(o.Cameras.Count == 1 ? "" : "s")}, station {o.Station}");
        using var identity = Try("identity", () => LaneIdentity.Load(data), i => $"lane {i.Lane} of port {i.Port}");
        if (identity is not null)
        {
            Say(Certificate(identity, time.GetUtcNow()));
        }

        Say(BoxClock.Synchronised()
            ? new Finding(Verdict.OK, "clock", "set by NTP or PTP")
            : new Finding(Verdict.Warning, "clock", "nothing sets this box's clock. Start systemd-timesyncd, chrony or ptp4l."));
        if (identity is not null)
        {
            foreach (var finding in await new HubCheck(identity, options?.Hub ?? new(), time).RunAsync(cancel))
            {
                Say(finding);
            }
        }

        if (options is not null)
        {
            Say(Disk(options));
            await DevicesAsync(options, cancel);
        }

        return _failed ? 1 : 0;
    }

    /// <summary>How long the certificate is good, and whether its key is the owner's alone.</summary>
    internal static Finding Certificate(LaneIdentity identity, DateTimeOffset now)
    {
        var until = new DateTimeOffset(identity.Certificate.NotAfter.ToUniversalTime());
        var day = until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        const string cure = "Enrol again: `./anpr lane enrol --force` with a new token.";
        return until <= now ? new Finding(Verdict.Error, "certificate", $"ended on {day}. {cure}")
            : until - now < RenewBefore ? new Finding(Verdict.Warning, "certificate", $"ends on {day}. {cure}")
            : new Finding(Verdict.OK, "certificate", $"good until {day}");
    }

    private Finding Disk(LaneOptions options)
    {
        var free = new DriveInfo(Path.GetFullPath(data)).AvailableFreeSpace;
        var words = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free");
        return free < LeastFreeBytes ? new Finding(Verdict.Error, "disk", $"{words}. Make room on the disk of {data}.")
            : free < options.Outbox.MaxMegabytes * 1_000_000L ? new Finding(Verdict.Warning, "disk", $"{words}, less than Outbox.MaxMegabytes ({options.Outbox.MaxMegabytes} MB) allows the outbox. Make room or lower it.")
            : new Finding(Verdict.OK, "disk", words);
    }

    private async Task DevicesAsync(LaneOptions options, CancellationToken cancel)
    {
        try
        {
            using var taken = DataLock.Take(data);
        }
        catch (UserError)
        {
            Say(new Finding(Verdict.Warning, "devices", "the lane runs on this folder and holds its cameras and its port; they were not opened. Its own state is on the hub's lanes page."));
            return;
        }

        Say(LaneBroker.IsFree(options.Mqtt)
            ? new Finding(Verdict.OK, "broker", $"{options.Mqtt.Listen}:{options.Mqtt.Port} is free")
            : new Finding(Verdict.Error, "broker", $"something else listens on {options.Mqtt.Listen}:{options.Mqtt.Port}. Stop it, or change Mqtt.Port."));
        await LookAsync(options.Cameras, options.Vision, cancel);
    }

    /// <summary>Looks at one source that no lane needs to have: to aim a camera before anything else is set up.</summary>
    /// <returns>0, or 1 when it shows nothing.</returns>
    public async Task<int> AimAsync(string source, CancellationToken cancel)
    {
        await LookAsync([new CameraOptions { Name = "camera", Source = source }], new VisionSection(), cancel);
        return _failed ? 1 : 0;
    }

    private async Task LookAsync(IReadOnlyList<CameraOptions> list, VisionSection vision, CancellationToken cancel)
    {
        foreach (var finding in await cameras.RunAsync(list, vision, cancel))
        {
            Say(finding);
        }
    }

    private T? Try<T>(string what, Func<T> read, Func<T, string> words)
        where T : class
    {
        try
        {
            var thing = read();
            Say(new Finding(Verdict.OK, what, words(thing)));
            return thing;
        }
        catch (Exception e) when (e is UserError or ModelException)
        {
            foreach (var line in e.Message.Split(Environment.NewLine))
            {
                Say(new Finding(Verdict.Error, what, line));
            }

            return null;
        }
    }

    private void Say(Finding finding)
    {
        _failed |= finding.Verdict == Verdict.Error;
        output.WriteLine($"{finding.Verdict,-8} {finding.What,-12} {finding.Words}");
    }
}
