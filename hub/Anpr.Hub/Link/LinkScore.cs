using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>
/// How probable it is that two reads show one registration. Pure.
/// </summary>
/// <remarks>
/// Each position adds the logarithm of <c>K * sum over c of p(c) q(c)</c>: the chance that both reads stem from one character,
/// against the chance that two unrelated plates agree there. O and 0, I and 1 count as one character, because many countries
/// stamp one glyph for both. Equal texts need no more: a registration is unique in its country. Texts that differ must first
/// outweigh the crowd of vehicles that could have been seen instead.
/// </remarks>
public static class LinkScore
{
    // Characters that could as well have stood at a position. 36 in the alphabet, but formats fix letters or digits and fleets
    // hold series that differ in their last characters, so far fewer.
    private const double Choices = 10;

    // A reader never rules a character out entirely: dirt, screws and tape.
    private const double Floor = 1e-4;

    // Two reads of one vehicle rarely disagree on the country, two vehicles often do.
    private const double OtherCountry = -3;

    private const double Cap = 0.9999;

    /// <summary>Probability, 0..0.9999, that both are one vehicle; 0 where the texts differ by more than look-alike characters.</summary>
    /// <param name="a">One read.</param>
    /// <param name="b">The other; the order does not matter.</param>
    /// <param name="crowd">Vehicles that could have been seen instead, 1 or more.</param>
    public static double Probability(PlateEvidence a, PlateEvidence b, double crowd)
    {
        if (a.Text.Length == 0 || Confusables.Shape(a.Text) != Confusables.Shape(b.Text))
        {
            return 0;
        }

        var logOdds = Merge(a.Text) == Merge(b.Text) ? 0 : -Math.Log(crowd);
        for (var i = 0; i < a.Characters.Count; i++)
        {
            logOdds += Math.Log(Choices * Agreement(a.Characters[i], b.Characters[i]));
        }

        if (a.Country.Length > 0 && b.Country.Length > 0 && a.Country != b.Country)
        {
            logOdds += OtherCountry;
        }

        return Math.Min(Cap, 1 / (1 + Math.Exp(-logOdds)));
    }

    /// <summary>Chance that two positions show one character: sum of the products of their probabilities, 1e-4..1.</summary>
    internal static double Agreement(Position a, Position b)
    {
        var p = Spread(a);
        var q = Spread(b);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += p[i] * q[i];
        }

        return Math.Clamp(sum, Floor, 1);
    }

    private static string Merge(string text) => text.Replace('O', '0').Replace('I', '1');

    // What is listed, with the remainder shared by all characters; sums to 1.
    private static double[] Spread(Position position)
    {
        var spread = new double[PlateAlphabet.Length];
        var listed = position.Options.Sum(o => o.P);
        var scale = listed > 1 ? 1 / listed : 1;
        foreach (var option in position.Options)
        {
            var index = PlateAlphabet.IndexOf(option.C switch { 'O' => '0', 'I' => '1', var c => c }, StringComparison.Ordinal);
            if (index >= 0)
            {
                spread[index] += option.P * scale;
            }
        }

        var rest = Math.Max(0, 1 - spread.Sum()) / spread.Length;
        for (var i = 0; i < spread.Length; i++)
        {
            spread[i] += rest;
        }

        return spread;
    }

    // The alphabet once O and I are written 0 and 1.
    private const string PlateAlphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
}
