using System.Globalization;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>One of the keys under which a vehicle is found again although its plate was misread.</summary>
/// <param name="Key">A part of the registration's shape.</param>
/// <param name="Week">In which week since 1970 the vehicle was last seen, four digits.</param>
/// <param name="Shape">The whole of it.</param>
/// <param name="Vehicle">The vehicle's id.</param>
internal sealed record PlateKey(string Key, string Week, string Shape, string Vehicle)
{
    private const int Block = 2;

    // Up to this length a lost character leaves no two blocks whole.
    private const int Short = 5;

    /// <summary>Shapes that differ by more changes than this are no candidates.</summary>
    public const int MaxChanges = 2;

    /// <summary>
    /// All keys, by key, then week, then vehicle: those seen last come last, so that linking meets those of its window alone, however many years are kept.
    /// Of all records these are met most: dozens for each sighting.
    /// </summary>
    public static Table<PlateKey> Table { get; } = new("plate_keys", k => Keys.Join(k.Key, k.Week, k.Vehicle, k.Shape), OfId);

    /// <summary>
    /// The keys of a text: its shape, and each two of four blocks of two characters, two counted from the beginning and two from the end.
    /// Two wrong characters, look-alikes not counted, spoil two blocks at most, and two blocks are left, which are a key of both texts. One
    /// lost, or one too many, shifts the blocks of one end only. Of seven characters and fewer the blocks overlap: there one wrong character is
    /// sure to leave a key, and two are if none is where they do. Short texts have those with one character left out as well.
    /// </summary>
    public static IReadOnlyList<string> Of(string shape)
    {
        string[] blocks = [.. new[] { 0, Block, shape.Length - (2 * Block), shape.Length - Block }.Select(at => shape[Math.Clamp(at, 0, shape.Length)..Math.Clamp(at + Block, 0, shape.Length)])];
        List<string> keys = ["=" + shape];
        for (var i = 0; i < blocks.Length; i++)
        {
            for (var j = i + 1; j < blocks.Length; j++)
            {
                keys.Add($"{i}{j}{blocks[i]}-{blocks[j]}");
            }
        }

        if (shape.Length <= Short)
        {
            keys.AddRange(Enumerable.Range(0, shape.Length).Select(i => "=" + shape.Remove(i, 1)).Distinct(StringComparer.Ordinal));
        }

        return keys;
    }

    /// <summary>Where the keys of a text lie in <see cref="Table"/>, one range for each.</summary>
    /// <param name="shape">The text's shape.</param>
    /// <param name="since">Those of vehicles last seen in the weeks before this one's are left out; null for all.</param>
    public static IReadOnlyList<(string From, string To)> Ranges(string shape, DateTimeOffset? since = null)
    {
        var week = since is { } from ? WeekOf(from) : "";
        return [.. Of(shape).Select(key => (Keys.Join(key, week), Keys.Join(key, Keys.Last.ToString())))];
    }

    /// <summary>The keys of a vehicle.</summary>
    public static IEnumerable<PlateKey> Of(Vehicle vehicle)
    {
        var (shape, week) = (Confusables.Shape(vehicle.Text), WeekOf(vehicle.LastSeen));
        return Of(shape).Select(key => new PlateKey(key, week, shape, vehicle.Id));
    }

    /// <summary>Whether a vehicle that was the one has the other's keys now.</summary>
    public static bool AreOf(Vehicle before, Vehicle now) => before.Text == now.Text && WeekOf(before.LastSeen) == WeekOf(now.LastSeen);

    private static string WeekOf(DateTimeOffset time) =>
        Math.Max(0, time.ToUnixTimeSeconds() / (7 * 24 * 3600)).ToString("D4", CultureInfo.InvariantCulture);

    private static PlateKey OfId(string id) => id.Split('|') is [var key, var week, var vehicle, var shape]
        ? new(key, week, shape, vehicle)
        : throw new InvalidDataException("a plate key is not of four words");
}
