using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Tests.Link;

/// <summary>A linker over a store of its own, and what is seen by it.</summary>
public abstract class LinkerFixture : IAsyncDisposable
{
    private protected static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder folder = new();

    protected LinkerFixture()
    {
        Store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        Linker = NewLinker();
    }

    private protected LiteStore Store { get; }

    private protected Linker Linker { get; }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Dispose();
    }

    private protected async Task TeachAsync(string port)
    {
        for (var i = 0; i < 30; i++)
        {
            await LinkAsync(Seen($"{(char)('A' + (i % 26))}{i / 26}77QWE", port, i * 20));
            await LinkAsync(Seen($"{(char)('A' + (i % 26))}{i / 26}77QWE", port, (i * 20) + 10, lane: port + "-2"));
        }
    }

    private protected static StoredSighting Seen(string text, string port, double minutes, (int At, char Else, float P)? unsure = null, float confidence = 0.95f, string? lane = null)
    {
        var message = new Sighting
        {
            Id = Guid.CreateVersion7().ToString(),
            Revision = 1,
            PassageId = Guid.CreateVersion7().ToString(),
            Text = text,
            Confidence = confidence,
            CapturedAt = Noon.AddMinutes(minutes).ToTimestamp(),
        };
        for (var i = 0; i < text.Length; i++)
        {
            var one = new Character { C = text[i].ToString(), P = 0.99f };
            if (unsure is { } u && u.At == i)
            {
                one.P = 1 - u.P;
                one.Alternatives.Add(new CharacterAlternative { C = u.Else.ToString(), P = u.P });
            }

            message.Characters.Add(one);
        }

        return new StoredSighting(message.Id, port, lane ?? $"{port}-1", message, "", Noon, false, "", 0, []);
    }

    private protected Linker NewLinker() => new(Options.Create(new LinkOptions()), TimeProvider.System, Store);

    private protected async Task<Linked> LinkAsync(StoredSighting sighting)
    {
        var linked = await Store.WriteAsync(writer => Linker.Link(writer, sighting));
        Linker.Learn(linked);
        return linked;
    }
}
