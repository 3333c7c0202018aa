using Anpr.Hardware.Bus;
using CsCheck;

namespace Anpr.Simulation.Tests.Bus;

public sealed class RawBlockTests
{
    private static readonly Gen<RawBlock> Blocks =
        from sequence in Gen.UInt
        from micros in Gen.Long[0, 4_000_000_000_000_000]
        from rate in Gen.Float[1, 4000]
        from channels in Gen.Int[1, 8]
        from samples in Gen.Int[1, 50]
        from counts in Gen.Int.Array[channels * samples]
        select new RawBlock(sequence, DateTimeOffset.UnixEpoch.AddMicroseconds(micros), rate, 1e-9f, channels, counts);

    [Fact]
    public void TryParse_OfToBytes_GivesTheSameBlock() => Blocks.Sample(block =>
        RawBlock.TryParse(block.ToBytes(), out var read)
        && read! with { Counts = block.Counts } == block
        && read.Counts.SequenceEqual(block.Counts));

    [Fact]
    public void TryParse_AnyBytes_IsRefusedOrReadWhole() => Gen.Byte.Array[0, 100].Sample(bytes =>
        !RawBlock.TryParse(bytes, out var block) || block!.ToBytes().Length == bytes.Length);

    /// <summary>Too fast, so slow that one block lasts for ever, and no number at all.</summary>
    [Theory]
    [InlineData(4001)]
    [InlineData(1e-30f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryParse_ARateThatNoSensorHas_IsRefused(float rate) =>
        Assert.False(RawBlock.TryParse(new RawBlock(0, DateTimeOffset.UnixEpoch, rate, 1, 1, [1, 2, 3]).ToBytes(), out _));

    [Fact]
    public void TryParse_CutShort_IsRefused() => Blocks.Sample(block =>
        !RawBlock.TryParse(block.ToBytes().AsSpan()[..^1], out _));
}
