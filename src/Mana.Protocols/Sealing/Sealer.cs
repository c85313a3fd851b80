using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Jose;

namespace Mana.Protocols.Sealing;

/// <summary>
/// Seals values for the database with AES-256-GCM: <c>v2.&lt;kekId&gt;.&lt;base64url(nonce ‖ ciphertext ‖ tag)&gt;</c>. New envelopes use the
/// active KEK, old ones open with the decrypt-only KEKs. A subkey per KEK and purpose keeps random 96-bit nonces far from
/// their bound of 2^32 messages. Thread-safe.
/// </summary>
public sealed class Sealer
{
    public const int MaxPlaintextLength = 64 * 1024;

    private const string Version = "v2";
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxBodyLength = NonceLength + MaxPlaintextLength + TagLength;

    private readonly Kek active;
    private readonly Kek[] all;

    /// <exception cref="ArgumentException">Two KEKs share an id.</exception>
    public Sealer(Kek active, IReadOnlyList<Kek> decryptOnly)
    {
        this.active = active;
        all = [active, .. decryptOnly];
        if (all.DistinctBy(kek => kek.Id, StringComparer.Ordinal).Count() != all.Length)
        {
            throw new ArgumentException("Two KEKs share an id.", nameof(decryptOnly));
        }
    }

    public string ActiveKeyId => active.Id;

    /// <summary>The KEK id an envelope names, or null when it is no envelope. Says nothing about whether it opens.</summary>
    public static string? KeyIdOf(string envelope) =>
        envelope.Split('.', 4) is [Version, { Length: > 0 and <= Kek.MaxIdLength } id, _] ? id : null;

    /// <summary>An envelope under the active KEK; sealing the same value twice gives different envelopes.</summary>
    /// <exception cref="ArgumentException">The plaintext is longer than <see cref="MaxPlaintextLength"/>.</exception>
    public string Seal(ReadOnlySpan<byte> plaintext, SealContext context)
    {
        if (plaintext.Length > MaxPlaintextLength)
        {
            throw new ArgumentException($"At most {MaxPlaintextLength} bytes are sealed.", nameof(plaintext));
        }

        var body = new byte[NonceLength + plaintext.Length + TagLength];
        var nonce = body.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = CipherFor(active, context.Purpose);
        aes.Encrypt(
            nonce,
            plaintext,
            body.AsSpan(NonceLength, plaintext.Length),
            body.AsSpan(^TagLength..),
            AssociatedData(context, active.Id)
        );
        return $"{Version}.{active.Id}.{Base64Url.EncodeToString(body)}";
    }

    /// <summary>The plaintext, or null: no envelope, an unknown KEK, another context, or a changed byte.</summary>
    public byte[]? Open(string envelope, SealContext context)
    {
        if (KeyIdOf(envelope) is not { } id || Array.Find(all, kek => kek.Id == id) is not { } kek)
        {
            return null;
        }

        if (BodyOf(envelope, Version.Length + id.Length + 2) is not { Length: >= NonceLength + TagLength } body)
        {
            return null;
        }

        var plaintext = new byte[body.Length - NonceLength - TagLength];
        try
        {
            using var aes = CipherFor(kek, context.Purpose);
            aes.Decrypt(
                body.AsSpan(0, NonceLength),
                body.AsSpan(NonceLength, plaintext.Length),
                body.AsSpan(^TagLength..),
                plaintext,
                AssociatedData(context, id)
            );
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[]? BodyOf(string envelope, int start)
    {
        var text = envelope.AsSpan(start);
        if (text.Length > Base64Url.GetEncodedLength(MaxBodyLength) || !Ascii.IsValid(text))
        {
            return null;
        }

        var utf8 = Encoding.ASCII.GetBytes(envelope, start, text.Length);
        var body = new byte[Base64Url.GetMaxDecodedLength(utf8.Length)];
        return StrictBase64Url.TryDecode(utf8, body, out var length) ? body[..length] : null;
    }

    // AesGcm holds one native context and is not safe to share; deriving a subkey costs 2 µs, far less than the row it goes to.
    private static AesGcm CipherFor(Kek kek, string purpose)
    {
        Span<byte> subkey = stackalloc byte[Purposes.KeyLength];
        Purposes.Derive(kek.Key, Encoding.ASCII.GetBytes(kek.Id), purpose, subkey);
        var aes = new AesGcm(subkey, TagLength);
        CryptographicOperations.ZeroMemory(subkey);
        return aes;
    }

    /// <summary>Each part with its length in front, so that no two contexts give the same bytes.</summary>
    private static byte[] AssociatedData(SealContext context, string kekId)
    {
        string[] parts = ["mana", Version, context.Purpose, context.Column, context.Owner, kekId];
        var data = new byte[parts.Sum(part => sizeof(int) + Encoding.UTF8.GetByteCount(part))];
        var rest = data.AsSpan();
        foreach (var part in parts)
        {
            var length = Encoding.UTF8.GetBytes(part, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
        }

        return data;
    }
}
