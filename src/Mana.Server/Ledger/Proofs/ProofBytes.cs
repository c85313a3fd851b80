using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mana.Ledger.Proofs;

/// <summary>
/// Bytes that will be hashed, put together without allocating. Every part has a fixed length or its length in front, numbers are big endian,
/// so that no two contents give the same bytes (docs/reference/proofs.md).
/// </summary>
internal ref struct ProofBytes(Span<byte> room)
{
    public const int HashLength = SHA256.HashSizeInBytes;

    private const byte Absent = 0;

    private const byte Present = 1;

    private Span<byte> _room = room;

    private byte[]? _rented;

    private int _length;

    public readonly ReadOnlySpan<byte> Written => _room[.._length];

    public void Raw(ReadOnlySpan<byte> part)
    {
        part.CopyTo(Next(part.Length));
    }

    public void Number(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);

    public void Count(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value);

    public void Uuid(Guid value) => value.TryWriteBytes(Next(16), bigEndian: true, out _);

    /// <summary>In microseconds, as PostgreSQL keeps it.</summary>
    public void Instant(DateTimeOffset value) => Number(Micros(value));

    public void OptionalNumber(long? value)
    {
        if (Has(value is not null))
        {
            Count(sizeof(long));
            Number(value!.Value);
        }
    }

    public void OptionalInstant(DateTimeOffset? value) => OptionalNumber(value is { } instant ? Micros(instant) : null);

    public void Text(string? value)
    {
        if (Has(value is not null))
        {
            var length = Encoding.UTF8.GetByteCount(value!);
            Count(length);
            Encoding.UTF8.GetBytes(value, Next(length));
        }
    }

    public void OptionalRaw(ReadOnlySpan<byte> part, bool isPresent)
    {
        if (Has(isPresent))
        {
            Count(part.Length);
            Raw(part);
        }
    }

    /// <summary>Says whether something follows.</summary>
    public bool Has(bool isPresent)
    {
        Next(1)[0] = isPresent ? Present : Absent;

        return isPresent;
    }

    public readonly void Hash(Span<byte> hash32) => SHA256.HashData(Written, hash32);

    public static long Micros(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            _room = [];
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private Span<byte> Next(int length)
    {
        if (_length + length > _room.Length)
        {
            Grow(_length + length);
        }

        var part = _room.Slice(_length, length);
        _length += length;

        return part;
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(least, _room.Length * 2));
        Written.CopyTo(larger);
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _room = _rented = larger;
    }
}
