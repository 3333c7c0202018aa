using System.Globalization;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Which inputs one process reads.</summary>
/// <param name="Originals">Folder of whole files.</param>
/// <param name="Work">Folder in which inputs are written.</param>
/// <param name="Seed">Of the plan.</param>
/// <param name="From">First number.</param>
/// <param name="To">Behind the last.</param>
/// <param name="Streams">True: those sent over UDP; false: the files.</param>
/// <param name="Break">True: some fail on purpose.</param>
internal sealed record FuzzJob(string Originals, string Work, int Seed, int From, int To, bool Streams, bool Break)
{
    /// <summary>As arguments.</summary>
    public string[] Arguments => ["fuzz", "--inside", Originals, Work, Text(Seed), Text(From), Text(To), Streams.ToString(), Break.ToString()];

    /// <summary>Reads what <see cref="Arguments"/> wrote; null for anything else.</summary>
    public static FuzzJob? Parse(string[] arguments) =>
        arguments is ["--inside", var originals, var work, var seed, var from, var to, var streams, var breaks]
            ? new(originals, work, Number(seed), Number(from), Number(to), bool.Parse(streams), bool.Parse(breaks))
            : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
