using System.Buffers.Binary;

namespace Mana.Tokens;

/// <summary>
/// A token as a key to what is known about it: equal only if every byte is. Eight letters of the signature are the hash code. They look
/// random in every token that is kept, because only verified ones are; whoever sends others that fall together with one of them makes a
/// comparison fail and no list grow.
/// </summary>
public readonly record struct SentToken(ReadOnlyMemory<byte> Bytes)
{
    private const int LettersFromEnd = 32;

    public bool Equals(SentToken other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode()
    {
        var sent = Bytes.Span;

        return sent.Length < LettersFromEnd ? sent.Length : BinaryPrimitives.ReadInt64LittleEndian(sent[^LettersFromEnd..]).GetHashCode();
    }
}
