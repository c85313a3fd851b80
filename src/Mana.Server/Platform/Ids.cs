using System.Security.Cryptography;

namespace Mana.Platform;

/// <summary>Identifiers. Ids of people and sessions are opaque text, ids of ledger, events and jobs are version-7 UUIDs.</summary>
public static class Ids
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>32 characters of [a-zA-Z0-9], as the wire mints them (wire section 3.1).</summary>
    public static string Text() => RandomNumberGenerator.GetString(Alphabet, 32);

    /// <summary>A version-7 UUID of the given instant, so that keys arrive in time order.</summary>
#pragma warning disable RS0030 // the one place that mints them; the instant is the caller's
    public static Guid Uuid(DateTimeOffset now) => Guid.CreateVersion7(now);
#pragma warning restore RS0030

    /// <summary>122 random bits, for names that must tell nothing, not even when they were given.</summary>
    public static Guid Random()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        (bytes[6], bytes[8]) = ((byte)(bytes[6] & 0x0f | 0x40), (byte)(bytes[8] & 0x3f | 0x80));

        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>Identifies a person; opaque text.</summary>
public readonly record struct UserId(string Value) : Database.IWrapped
{
    public static UserId New() => new(Ids.Text());

    public override string ToString() => Value;
}

/// <summary>Identifies a session; claim <c>sid</c>. Never the session's secret.</summary>
public readonly record struct SessionId(string Value) : Database.IWrapped
{
    public static SessionId New() => new(Ids.Text());

    public override string ToString() => Value;
}
