using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Mana.Platform;

/// <summary>
/// A bounded memory in two halves: a full half becomes the old one, what is still asked for moves back into the young one, the rest goes.
/// No list to lock, and it never holds more than it may.
/// </summary>
public sealed class Kept<TKey, TValue>(int valuesMax)
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();

    private volatile ConcurrentDictionary<TKey, TValue> _old = new();

    private int _count;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.TryGetValue(key, out value))
        {
            return false;
        }

        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        MakeRoom();
        _young[key] = value;
    }

    /// <summary>The value of the key, made when there is none; of many who ask at once all get the same.</summary>
    public TValue GetOrAdd(TKey key, Func<TValue> make)
    {
        if (_young.TryGetValue(key, out var value))
        {
            return value;
        }

        if (!_old.TryGetValue(key, out value))
        {
            value = make();
        }

        MakeRoom();
        return _young.GetOrAdd(key, value);
    }

    public void Remove(TKey key)
    {
        _young.TryRemove(key, out _);
        _old.TryRemove(key, out _);
    }

    private void MakeRoom()
    {
        if (Interlocked.Increment(ref _count) > valuesMax / 2)
        {
            _old = _young;
            _young = new ConcurrentDictionary<TKey, TValue>();
            Interlocked.Exchange(ref _count, 1);
        }
    }
}

/// <summary>32 bytes of a hash, compared as a value without an allocation.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
{
    public static Digest Of(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<Digest>(hash);

    public byte[] ToBytes()
    {
        var bytes = new byte[Marshal.SizeOf<Digest>()];
        MemoryMarshal.Write(bytes, this);

        return bytes;
    }
}
