using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;

namespace Mana.Protocols.Jose;

/// <summary>Writes known JSON into a fixed buffer without allocating; once something did not fit, nothing more is written.</summary>
internal ref struct JsonBytes(Span<byte> buffer)
{
    private readonly Span<byte> buffer = buffer;
    private int length;

    public bool Fits { get; private set; } = true;

    public readonly ReadOnlySpan<byte> Written => buffer[..length];

    public void Literal(ReadOnlySpan<byte> utf8)
    {
        Fits = Fits && utf8.TryCopyTo(buffer[length..]);
        length += Fits ? utf8.Length : 0;
    }

    public void Number(long value)
    {
        var written = 0;
        Fits = Fits && Utf8Formatter.TryFormat(value, buffer[length..], out written);
        length += Fits ? written : 0;
    }

    /// <summary>A quoted string, escaped as <c>JSON.stringify</c> would: only what JSON demands.</summary>
    public void Text(string value)
    {
        Literal("\""u8);
        Escaped(value);
        Literal("\""u8);
    }

    private void Escaped(string value)
    {
        if (!Fits || value.Length > buffer.Length)
        {
            Fits = false;
            return;
        }

        var raw = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        var rawLength = Encoding.UTF8.GetBytes(value, raw);
        var status = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(
            raw.AsSpan(0, rawLength),
            buffer[length..],
            out _,
            out var written
        );
        ArrayPool<byte>.Shared.Return(raw);
        Fits = status == OperationStatus.Done;
        length += Fits ? written : 0;
    }
}
