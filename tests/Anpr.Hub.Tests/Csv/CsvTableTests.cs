using System.Text;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;
using CsCheck;

namespace Anpr.Hub.Tests.Csv;

public sealed class CsvTableTests
{
    private static readonly string[] Columns = ["a", "b"];
    private static readonly Gen<string> Cells = Gen.Char["=+-@'\",;\t\r\n aB1é"].Array[0, 6].Select(c => new string(c).Trim());

    /// <summary>What is written is read again, whatever stands in it.</summary>
    [Fact]
    public void Read_WhatWasWritten_IsTheSame() => Gen.Select(Cells, Cells).Where((a, b) => a.Length + b.Length > 0).List[1, 5].Sample(rows =>
    {
        var read = CsvTable.Read(CsvTable.Write(Columns, rows.Select(r => (IReadOnlyList<string>)[r.Item1, r.Item2])), Columns, Columns);

        Assert.All(read, r => Assert.Equal("", r.Fault));
        Assert.Equal(rows, read.Select(r => (r["a"], r["b"])));
    });

    /// <summary>No cell begins as a formula does, so that a spreadsheet that opens the file runs nothing.</summary>
    [Fact]
    public void Write_AnyCell_IsNoFormula() => Cells.Sample(cell =>
    {
        var written = Encoding.UTF8.GetString(CsvTable.Write(["a"], [[cell]]))["a\r\n".Length..];

        Assert.DoesNotContain(written[0] == '"' ? written[1] : written[0], "=+-@\t");
    });

    /// <summary>Files of other programs: whatever bytes come, rows or words come back, never anything else.</summary>
    [Fact]
    public void Read_AnyBytes_GivesRowsOrSaysWhy() => Gen.OneOf(Gen.Byte.Array[0, 200], Gen.Char["a,b;\"'\r\n\t="].Array[0, 60].Select(c => Encoding.UTF8.GetBytes("a,b\n" + new string(c)))).Sample(bytes =>
    {
        try
        {
            Assert.All(CsvTable.Read(bytes, Columns, ["a"]), r => Assert.True(r.Line > 1));
        }
        catch (InputException wrong)
        {
            Assert.StartsWith("line 1: ", wrong.Message, StringComparison.Ordinal);
        }
    });

    [Theory]
    [InlineData("a;b\n1;2\n")]
    [InlineData("\uFEFFa\tb\r\n1\t2\r\n")]
    [InlineData("B, A\n2, 1")]
    [InlineData("a,b\n\n1,2\n,\n")]
    public void Read_AsOtherProgramsWrite_IsUnderstood(string text)
    {
        var row = Assert.Single(CsvTable.Read(Encoding.UTF8.GetBytes(text), Columns, Columns));

        Assert.Equal(("1", "2", ""), (row["a"], row["b"], row.Fault));
    }

    [Fact]
    public void Read_Latin1_IsUnderstood() => Assert.Equal("é", CsvTable.Read(Encoding.Latin1.GetBytes("a,b\né,2"), Columns, Columns)[0]["a"]);

    [Theory]
    [InlineData("", "the column 'a' is missing")]
    [InlineData("b\n1", "the column 'a' is missing")]
    [InlineData("a,c\n1,2", "there is no column 'c'")]
    [InlineData("a,a\n1,2", "a column is there twice")]
    public void Read_AnotherHeader_SaysWhichColumns(string text, string words) =>
        Assert.Contains(words, Assert.Throws<InputException>(() => CsvTable.Read(Encoding.UTF8.GetBytes(text), Columns, ["a"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_BrokenRows_AreNamedByTheirLines()
    {
        var rows = CsvTable.Read("a,b\n1,2\n\"x\ny\",2\n3\n4,5\"6\n7,8\n"u8, Columns, Columns);

        Assert.Equal([2, 3, 5, 6, 7], rows.Select(r => r.Line));
        Assert.Equal([2, 3, 7], rows.Where(r => r.Fault.Length == 0).Select(r => r.Line));
    }
}
