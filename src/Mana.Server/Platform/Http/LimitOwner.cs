using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Mana.Platform.Http;

/// <summary>Whose requests are counted together.</summary>
public readonly record struct LimitOwner(ulong A, ulong B, ulong C)
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>IPv6 clients own a /64 each, so the rest of their address is no identity (ruling 19).</summary>
    public static LimitOwner Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return default;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new LimitOwner(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0, 0)
            : new LimitOwner(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes), 0);
    }

    /// <summary>A person, or another service by its name.</summary>
    public static LimitOwner Of(string name)
    {
        Span<byte> text = stackalloc byte[128];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.TryGetBytes(name, text, out var length) ? text[..length] : Encoding.UTF8.GetBytes(name), hash);

        return new LimitOwner(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..])
        );
    }

    /// <summary>As an operator looks for it in the database: the address, or the network it stands for.</summary>
    public override string ToString()
    {
        if (C != 0)
        {
            return $"{A:x16}{B:x16}{C:x16}";
        }

        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        var address = new IPAddress(bytes);

        return address.IsIPv4MappedToIPv6 ? $"{address.MapToIPv4()}" : $"{address}/64";
    }
}
