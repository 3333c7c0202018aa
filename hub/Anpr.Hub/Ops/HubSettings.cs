using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Hub.Access;
using Anpr.Hub.Retention;

namespace Anpr.Hub.Ops;

/// <summary>What an administrator sets in <c>hub.json</c> of the data folder; read once, at the start.</summary>
internal sealed record HubSettings
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private string path = "";

    /// <summary>The identity provider that answers for people beside the hub's own users; null for none.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>How long each kind of record is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>When two sightings count as one vehicle.</summary>
    public Link.LinkOptions Link { get; init; } = new();

    /// <summary>What the score tells officers.</summary>
    public Assess.ScoreOptions Score { get; init; } = new();

    /// <summary>PEM file of the certificate that the console shows to browsers, with those between it and its authority; null for the hub's own.</summary>
    public string? ConsoleCertificateFile { get; init; }

    /// <summary>PEM file of its private key.</summary>
    public string? ConsoleKeyFile { get; init; }

    /// <summary>Reads them; all is as if nothing were set when there is no file.</summary>
    /// <exception cref="InputException">The file cannot be read, or holds something unknown or impossible.</exception>
    public static HubSettings Load(HubFiles files)
    {
        if (!File.Exists(files.Settings))
        {
            return new HubSettings();
        }

        try
        {
            var settings = JsonSerializer.Deserialize<HubSettings>(HubFiles.Read(files.Settings), Json) ?? throw new JsonException("it is empty", "$", 0, 0);
            settings.Oidc?.Check(files.Settings);
            Check(settings.Retention, "retention", files.Settings);
            Check(settings.Link, "link", files.Settings);
            Check(settings.Score, "score", files.Settings);
            return settings with { path = files.Settings };
        }
        catch (JsonException fault)
        {
            throw new InputException($"{files.Settings}, line {fault.LineNumber + 1}, {fault.Path}: {fault.Message.Split(" Path:")[0].Split(" The JSON value")[0].TrimEnd('.')}. docs/hub.md, docs/access.md and docs/retention.md show what can be set.", fault);
        }
    }

    private static void Check(object section, string name, string file)
    {
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(section, new ValidationContext(section), faults, validateAllProperties: true))
        {
            throw new InputException($"{file}, {name}: {string.Join(" ", faults.Select(f => f.ErrorMessage))}");
        }
    }

    /// <summary>The console's certificate with its key; null for the hub's own.</summary>
    /// <exception cref="InputException">The files hold none.</exception>
    public X509Certificate2? ConsoleCertificate()
    {
        if (ConsoleCertificateFile is null && ConsoleKeyFile is null)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(ConsoleCertificateFile ?? "", ConsoleKeyFile);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: console_certificate_file and console_key_file must name a certificate and its key in PEM ({error.Message.TrimEnd('.')}).", error);
        }
    }
}
