using System.Text.Json;
using System.Text.Json.Nodes;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using CsCheck;

namespace Anpr.Hub.Tests.Access;

public sealed class LogoutTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_AWholeToken_SaysWhoseSessionsEnd()
    {
        var token = LogoutToken.Read(Whole().ToJsonString(), Now);

        Assert.Equal(("once", "7", "s1"), (token.Id, token.Subject, token.Session));
        Assert.Equal(Now.AddMinutes(2) + LogoutToken.Skew, token.ExpiresAt);
    }

    [Theory]
    [InlineData("events", null)]
    [InlineData("events", "[]")]
    [InlineData("events", "{}")]
    [InlineData("events", """{"http://schemas.openid.net/event/backchannel-logout": true}""")]
    [InlineData("nonce", "\"n\"")]
    [InlineData("nonce", "null")]
    [InlineData("jti", null)]
    [InlineData("jti", "\"\"")]
    [InlineData("jti", "17")]
    [InlineData("iat", null)]
    [InlineData("iat", "\"now\"")]
    [InlineData("iat", "1e300")]
    [InlineData("exp", null)]
    [InlineData("exp", "-1")]
    [InlineData("sub", "{}")]
    [InlineData("sub", "\"\\ud800\"")]
    public void Read_AFaultyClaim_IsRefusedByName(string claim, string? json)
    {
        var payload = Whole();
        payload.Remove(claim);
        var text = payload.ToJsonString();
        text = json is null ? text : $"{text[..^1]},\"{claim}\":{json}}}";

        var refused = Assert.Throws<InputException>(() => LogoutToken.Read(text, Now));

        Assert.Contains($"'{claim}'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Read_SubjectOrSessionAlone_IsEnough_AndNeitherIsNot(bool subject, bool session)
    {
        var payload = Whole();
        _ = subject || payload.Remove("sub");
        _ = session || payload.Remove("sid");

        var token = LogoutToken.Read(payload.ToJsonString(), Now);

        Assert.Equal((subject, session), (token.Subject is not null, token.Session is not null));
        payload.Remove("sub");
        payload.Remove("sid");
        Assert.Throws<InputException>(() => LogoutToken.Read(payload.ToJsonString(), Now));
    }

    /// <summary>Whatever its times are, a token that is taken was issued within the last 10 minutes, has not expired, and is remembered for as long as it would be taken.</summary>
    [Fact]
    public void Read_AnyTimes_IsTakenOnlyWhileItIsRemembered() => Gen.Select(Gen.Int[-2000, 2000], Gen.Int[-2000, 2000], Gen.Int[0, 2000]).Sample((iat, exp, later) =>
    {
        var payload = Whole();
        (payload["iat"], payload["exp"]) = (Now.AddSeconds(iat).ToUnixTimeSeconds(), Now.AddSeconds(exp).ToUnixTimeSeconds());
        try
        {
            var token = LogoutToken.Read(payload.ToJsonString(), Now);
            Assert.InRange(iat, -(LogoutToken.Life + LogoutToken.Skew).TotalSeconds, LogoutToken.Skew.TotalSeconds);
            Assert.True(exp > -LogoutToken.Skew.TotalSeconds);
            if (Now.AddSeconds(later) >= token.ExpiresAt)
            {
                Assert.Throws<InputException>(() => LogoutToken.Read(payload.ToJsonString(), Now.AddSeconds(later)));
            }
        }
        catch (InputException)
        {
            Assert.True(iat > LogoutToken.Skew.TotalSeconds || iat <= -(LogoutToken.Life + LogoutToken.Skew).TotalSeconds || exp <= -LogoutToken.Skew.TotalSeconds);
        }
    });

    /// <summary>Any text, and any token with a piece of it changed, is read or refused in words: nothing else is thrown.</summary>
    [Fact]
    public void Read_AnyText_IsReadOrRefused() => Gen.OneOf(
        Gen.String,
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 20], Gen.String[Gen.Char["{}[]\",:0123456789.eE-+tfn\\u d8"], 0, 8]).Select((at, gone, put) =>
        {
            var text = Whole().ToJsonString();
            var from = Math.Min(at, text.Length);
            return text[..from] + put + text[Math.Min(text.Length, from + gone)..];
        })).Sample(
        text =>
        {
            try
            {
                var token = LogoutToken.Read(text, Now);
                Assert.True(token.Id.Length > 0 && (token.Subject ?? token.Session)!.Length > 0 && token.ExpiresAt > Now);
            }
            catch (InputException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        },
        iter: 20_000);

    internal static JsonObject Whole() => new()
    {
        ["iss"] = "https://id.example",
        ["aud"] = "anpr",
        ["iat"] = Now.ToUnixTimeSeconds(),
        ["exp"] = Now.AddMinutes(2).ToUnixTimeSeconds(),
        ["jti"] = "once",
        ["sub"] = "7",
        ["sid"] = "s1",
        ["events"] = new JsonObject { [LogoutToken.Event] = new JsonObject() },
    };
}
