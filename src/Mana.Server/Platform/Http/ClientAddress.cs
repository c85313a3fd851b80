using System.Net;
using System.Net.Sockets;

namespace Mana.Platform.Http;

/// <summary>
/// The address a request came from: the socket's peer, or the right-most entry of <c>X-Forwarded-For</c> that is not one of our own
/// proxies (D7). Entries further left are whatever the client wrote.
/// </summary>
public sealed class ClientAddress(IReadOnlyList<string> trustedProxies)
{
    private const int HopsMax = 16;

    private readonly IPNetwork[] _trusted = [.. trustedProxies.Select(Network)];

    public string Of(HttpContext http)
    {
        var peer = http.Connection.RemoteIpAddress;
        if (peer is null)
        {
            return "";
        }

        var address = Plain(peer);
        if (_trusted.Length == 0 || !IsTrusted(address))
        {
            return address.ToString();
        }

        var hops = string.Join(',', http.Request.Headers["X-Forwarded-For"].ToArray()).Split(',', StringSplitOptions.TrimEntries);
        foreach (var hop in hops.Reverse().Take(HopsMax))
        {
            if (!IPAddress.TryParse(hop, out var parsed))
            {
                break;
            }

            address = Plain(parsed);
            if (!IsTrusted(address))
            {
                break;
            }
        }

        return address.ToString();
    }

    /// <summary>What limits count by: IPv6 clients own a /64 each, so the rest of the address is not an identity.</summary>
    public static string LimitKey(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = parsed.GetAddressBytes();
        Array.Clear(bytes, 8, 8);

        return new IPAddress(bytes).ToString();
    }

    private bool IsTrusted(IPAddress address) => Array.Exists(_trusted, network => network.Contains(address));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork Network(string text) =>
        text.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.Parse(text)
            : new IPNetwork(IPAddress.Parse(text), IPAddress.Parse(text).GetAddressBytes().Length * 8);
}
