using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Protocols.Jose;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;
using Npgsql;

namespace Mana.Tokens;

/// <summary>Where a key stands in its life (ruling 31).</summary>
public enum KeyState
{
    /// <summary>Published, so that everybody who verifies has it before it is used.</summary>
    Announced,

    /// <summary>Signs and verifies.</summary>
    Active,

    /// <summary>Signs no more; verifies until the last token it signed has expired, and some days longer.</summary>
    Retired,
}

/// <summary>A row of <c>auth.jwks</c>: one key pair, its private half sealed for this row.</summary>
public sealed record KeyRow(
    string Kid,
    string Jwk,
    string SealedSeed,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ActiveAt,
    DateTimeOffset? RetiredAt,
    DateTimeOffset? ExpiresAt
) : IRow<KeyRow>
{
    public KeyState State =>
        RetiredAt is not null ? KeyState.Retired
        : ActiveAt is not null ? KeyState.Active
        : KeyState.Announced;

    public ReadOnlyMemory<byte> PublicKey
    {
        get
        {
            using var jwk = JsonDocument.Parse(Jwk);
            var x = jwk.RootElement.GetProperty("x").GetString()!;

            return System.Buffers.Text.Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(x));
        }
    }

    /// <summary>The one that signs first, then the one that will, then those that did.</summary>
    public static Sql All() =>
        $"""
            select id, public_key, private_key, created_at, active_at, retired_at, expires_at
            from auth.jwks
            order by (active_at is null)::integer + 2 * (retired_at is not null)::integer, created_at desc, id
            """;

    /// <param name="activeAt">Null for a key that is announced.</param>
    public static KeyRow New(Sealer sealer, DateTimeOffset now, DateTimeOffset? activeAt)
    {
        var kid = Ids.Text();
        var seed = Ed25519Key.NewSeed();
        using var key = Ed25519Key.FromSeed(seed);
        var jwk = JsonSerializer.Serialize(
            new
            {
                kty = "OKP",
                crv = "Ed25519",
                x = System.Buffers.Text.Base64Url.EncodeToString(key.PublicKey.Span),
            }
        );
        var sealedSeed = sealer.Seal(seed, Context(kid));
        CryptographicOperations.ZeroMemory(seed);

        return new KeyRow(kid, jwk, sealedSeed, now, activeAt, RetiredAt: null, ExpiresAt: null);
    }

    public static KeyRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), At(row, 4), At(row, 5), At(row, 6));

    public Sql Insert() =>
        $"""
            insert into auth.jwks (id, public_key, private_key, created_at, active_at)
            values ({Kid}, {Jwk}, {SealedSeed}, {CreatedAt}, {ActiveAt})
            """;

    /// <summary>The key that signs; null when the key-encryption key it was sealed with is not here.</summary>
    public SigningKey? Open(Sealer sealer)
    {
        if (sealer.Open(SealedSeed, Context(Kid)) is not { } seed)
        {
            return null;
        }

        var key = Ed25519Key.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);

        return new SigningKey(Kid, key);
    }

    private static SealContext Context(string kid) => new("jwk-private", "auth.jwks.private_key", kid);

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
