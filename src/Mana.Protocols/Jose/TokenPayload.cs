using System.Text.Json;

namespace Mana.Protocols.Jose;

/// <summary>
/// What a signed payload said. A claim that is absent or of another type is null; a claim twice, a claim we do not mint or
/// anything but strict JSON makes the whole payload unreadable.
/// </summary>
internal struct TokenPayload
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    public string? Subject { get; private set; }
    public string? Email { get; private set; }
    public string? Role { get; private set; }
    public string? SessionId { get; private set; }
    public DateTimeOffset? IssuedAt { get; private set; }
    public DateTimeOffset? ExpiresAt { get; private set; }
    public string? Issuer { get; private set; }
    public string? Audience { get; private set; }

    public static bool TryRead(ReadOnlySpan<byte> json, out TokenPayload payload)
    {
        payload = default;
        try
        {
            return payload.Read(json);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The reader's way to say: no JSON, no UTF-8, or an escaped lone surrogate.
            return false;
        }
    }

    private bool Read(ReadOnlySpan<byte> json)
    {
        var seen = 0;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberOf(ref reader);
            if (member < 0 || (seen & (1 << member)) != 0 || !reader.Read())
            {
                return false;
            }

            seen |= 1 << member;
            Keep(member, ref reader);
        }

        return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
    }

    private void Keep(int member, ref Utf8JsonReader reader)
    {
        switch (member)
        {
            case 0:
                Subject = Text(ref reader);
                break;
            case 1:
                Email = Text(ref reader);
                break;
            case 2:
                Role = Text(ref reader);
                break;
            case 3:
                SessionId = Text(ref reader);
                break;
            case 4:
                IssuedAt = Instant(ref reader);
                break;
            case 5:
                ExpiresAt = Instant(ref reader);
                break;
            case 6:
                Issuer = Text(ref reader);
                break;
            default:
                Audience = Text(ref reader);
                break;
        }
    }

    private static int MemberOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("sub"u8) ? 0
        : reader.ValueTextEquals("email"u8) ? 1
        : reader.ValueTextEquals("role"u8) ? 2
        : reader.ValueTextEquals("sid"u8) ? 3
        : reader.ValueTextEquals("iat"u8) ? 4
        : reader.ValueTextEquals("exp"u8) ? 5
        : reader.ValueTextEquals("iss"u8) ? 6
        : reader.ValueTextEquals("aud"u8) ? 7
        : -1;

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    /// <summary>Whole seconds since 1970 that still leave room for the leeway; a fraction or an exponent is no instant of ours.</summary>
    private static DateTimeOffset? Instant(ref Utf8JsonReader reader)
    {
        const long last = 253_402_214_400; // 9999-12-31T00:00:00Z
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var seconds) && seconds is >= 0 and <= last)
        {
            return Epoch.AddSeconds(seconds);
        }

        reader.Skip();
        return null;
    }
}
