using Anpr.Models.Plates;

namespace Anpr.Simulation.Traffic;

/// <summary>Makes up registrations in the formats of the table of countries.</summary>
internal sealed class RegistrationMaker(CountryTable table)
{
    private const double TwoLineShare = 0.08;

    /// <summary>One registration of a country for a kind of vehicle; on two lines now and then where the country makes such plates.</summary>
    /// <exception cref="InvalidOperationException">The table lacks the country or a format of it.</exception>
    public Registration Make(string code, VehicleKind kind, bool mayHaveTwoLines, Random random)
    {
        var country = table.Countries.FirstOrDefault(country => country.Code == code)
            ?? throw new InvalidOperationException($"models/Plates/countries.json has no country {code}");
        var wanted = kind == VehicleKind.Lorry ? "lorry" : "car";
        var formats = country.Formats.Where(format => format.Kind == wanted).ToArray();
        if (formats.Length == 0)
        {
            throw new InvalidOperationException($"models/Plates/countries.json has no format of kind {wanted} for {code}");
        }

        // The first formats of a kind are the ones that are issued now: three quarters of the traffic.
        var format = formats[random.Next(4) < 3 ? 0 : random.Next(formats.Length)];
        var groups = format.Pattern.Split('-').Select(group => Draw(PlatePattern.Parse(group, country.Letters), random)).ToArray();
        var twoLines = mayHaveTwoLines && random.NextDouble() < TwoLineShare && format.Lines.Contains(2) && groups.Length > format.Break;
        IReadOnlyList<IReadOnlyList<string>> lines = twoLines ? [groups[..format.Break], groups[format.Break..]] : [groups];
        var colours = format.Colours ?? country.Colours;
        return new Registration(string.Concat(groups), code, country.Sign, lines, colours.Background, colours.Text, country.Band);
    }

    private static string Draw(PlatePattern pattern, Random random) =>
        string.Concat(pattern.Positions.Select(set => set[random.Next(set.Length)]));
}
