using Anpr.Edge.Sense;
using Anpr.Hardware.Bus;

namespace Anpr.Edge.Tests.Sense;

public sealed class HeartbeatEvidenceTests
{
    private const int Rate = 125;
    private const float Scale = 1e-6f;
    private const double Quiet = 20;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Llr_OverUniformP_HasMeanRatioOne()
    {
        // Integral of 0.25 p^-0.75 over 0..1 is 1: midpoint rule in u = p^0.25, where the integrand is flat.
        var mean = Enumerable.Range(0, 1000).Select(i => Math.Pow((i + 0.5) / 1000, 4)).Average(p => Math.Exp(HeartbeatEvidence.Llr(p)) * 4 * Math.Pow(p, 0.75));
        // p below 1e-12 is taken as 1e-12, which costs a thousandth.
        Assert.Equal(1, mean, 0.002);
    }

    [Fact]
    public void Judge_BeatsOnTheFrameAndNotInTheGround_SpeaksFor()
    {
        var evidence = Judge(Record(30, frame: 2e-3, ground: 0));
        Assert.Equal("", evidence.Veto);
        Assert.True(evidence.Llr > 3);
        Assert.StartsWith("a rhythm like heartbeats in 30 s on 3 sensors", evidence.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_NoBeats_SpeaksAgainstALittle()
    {
        var evidence = Judge(Record(30, frame: 0, ground: 0));
        Assert.Equal("", evidence.Veto);
        Assert.InRange(evidence.Llr, -1.4, 0.5);
    }

    [Fact]
    public void Judge_BeatsInTheGroundToo_IsInconclusive() => Assert.Contains("ground", Judge(Record(30, 2e-3, 2e-3)).Veto, StringComparison.Ordinal);

    [Fact]
    public void Judge_EngineRunning_IsInconclusiveAndNeverClear()
    {
        var evidence = Judge(Record(30, 0, 0, noise: 0.05));
        Assert.Contains("engine or wind", evidence.Veto, StringComparison.Ordinal);
        Assert.Equal(0, evidence.Llr);
    }

    [Fact]
    public void Judge_TooShort_IsVetoed() => Assert.Contains("too short", Judge(Record(8, 2e-3, 0)).Veto, StringComparison.Ordinal);

    [Fact]
    public void Judge_ALostBlock_PartsTheRun()
    {
        var blocks = Record(18, 2e-3, 0);
        blocks.RemoveAt(9);
        Assert.NotEqual("", Judge(blocks).Veto);
    }

    [Fact]
    public void Judge_ADeadChannel_IsFlat()
    {
        var blocks = Record(20, 2e-3, 0);
        foreach (var block in blocks)
        {
            for (var i = 1; i < block.Counts.Length; i += 4)
            {
                block.Counts[i] = 17;
            }
        }

        Assert.Contains("always says the same", Judge(blocks).Veto, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_UnknownScale_NeverSpeaksAgainst()
    {
        var blocks = Record(30, 0, 0).Select(b => b with { Scale = 0 }).ToList();
        Assert.True(Judge(blocks).Llr >= 0);
    }

    private static Anpr.Edge.Score.Evidence Judge(IEnumerable<RawBlock> blocks)
    {
        var device = new Device("heartbeat-1", TimeSpan.FromMinutes(10));
        var description = new DeviceDescription("heartbeat", "T-1", "1", "b1", TimeSpan.FromSeconds(1), [new("frame_1", "m/s2"), new("frame_2", "m/s2"), new("frame_3", "m/s2"), new("ground", "m/s2")]);
        Assert.True(device.TakeDescription(description.ToJson()));
        foreach (var block in blocks)
        {
            Assert.True(device.TakeRaw(block.ToBytes(), block.Start));
        }

        return HeartbeatEvidence.Judge(device, Noon, Noon.AddMinutes(5), Quiet);
    }

    private static List<RawBlock> Record(int seconds, double frame, double ground, double noise = 1e-4)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, seconds).Select(second =>
        {
            var counts = new int[Rate * 4];
            for (var i = 0; i < Rate; i++)
            {
                var since = (second + ((double)i / Rate)) % 0.8;
                var beat = Math.Exp(-since / 0.12) * Math.Sin(2 * Math.PI * 5.5 * since);
                for (var c = 0; c < 4; c++)
                {
                    var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                    counts[(i * 4) + c] = (int)Math.Round((((c == 3 ? ground : frame) * beat) + (noise * gauss)) / Scale);
                }
            }

            return new RawBlock((uint)second, Noon.AddSeconds(second), Rate, Scale, 4, counts);
        })];
    }
}
