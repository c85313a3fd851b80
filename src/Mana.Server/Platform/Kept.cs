using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Mana.Platform;

/// <summary>
/// A bounded memory. What is new stands at the end of a line; whose turn it is to go gets a second chance if it was asked for since, and
/// goes otherwise. Nothing is locked, so that it may hold a few more for a moment while several add at once.
/// </summary>
public sealed class Kept<TKey, TValue>(int valuesMax)
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    /// <summary>Where everything was asked for lately, somebody goes all the same: nobody who adds waits for a walk along the whole line.</summary>
    private const int ChancesMax = 16;

    private readonly ConcurrentDictionary<TKey, Place> _places = new();

    private readonly ConcurrentQueue<Place> _line = new();

    private int _count;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        value = _places.TryGetValue(key, out var place) ? place.Value : null;
        if (value is null)
        {
            return false;
        }

        place!.Asked();
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_places.TryGetValue(key, out var place) && place.Replace(value))
        {
            return;
        }

        place = new Place(key, value);
        _places[key] = place;
        Queue(place);
    }

    /// <summary>The value of the key, made when there is none; of many who ask at once all get the same.</summary>
    public TValue GetOrAdd(TKey key, Func<TValue> make)
    {
        while (true)
        {
            if (TryGet(key, out var value))
            {
                return value;
            }

            var place = new Place(key, make());
            if (_places.TryAdd(key, place))
            {
                Queue(place);
                return place.Value!;
            }
        }
    }

    public void Remove(TKey key)
    {
        if (_places.TryRemove(key, out var place))
        {
            place.Leave();
        }
    }

    private void Queue(Place place)
    {
        _line.Enqueue(place);
        if (Interlocked.Increment(ref _count) > valuesMax)
        {
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        for (var chance = 1; _line.TryDequeue(out var first); chance++)
        {
            if (chance < ChancesMax && first.TakeChance())
            {
                _line.Enqueue(first);
                continue;
            }

            _places.TryRemove(KeyValuePair.Create(first.Key, first));
            first.Leave();
            Interlocked.Decrement(ref _count);
            return;
        }
    }

    /// <summary>A value in the line. One that was removed keeps its place, empty, until its turn.</summary>
    private sealed class Place(TKey key, TValue value)
    {
        private volatile TValue? _value = value;

        private volatile bool _wasAsked;

        public TKey Key { get; } = key;

        public TValue? Value => _value;

        // Written only when it changes: many read the same place at once.
        public void Asked()
        {
            if (!_wasAsked)
            {
                _wasAsked = true;
            }
        }

        /// <returns>False when it has left.</returns>
        public bool Replace(TValue newer)
        {
            var older = _value;

            return older is not null && Interlocked.CompareExchange(ref _value, newer, older) == older;
        }

        public bool TakeChance()
        {
            var has = _wasAsked && _value is not null;
            _wasAsked = false;

            return has;
        }

        public void Leave() => _value = null;
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
