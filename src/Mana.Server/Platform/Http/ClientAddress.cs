using System.Net;

namespace Mana.Platform.Http;

/// <summary>
/// The address a request came from: the socket's peer, or the right-most entry of <c>X-Forwarded-For</c> that is not one of our own
/// proxies (D7). Entries further left are whatever the client wrote.
/// </summary>
public sealed class ClientAddress(IReadOnlyList<string> trustedProxies)
{
    private const int HopsMax = 16;

    private readonly IPNetwork[] _trusted = [.. trustedProxies.Select(Network)];

    /// <returns>Null when the connection has no address, as one of a test has none.</returns>
    public IPAddress? Of(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } peer)
        {
            return null;
        }

        var address = Plain(peer);
        if (_trusted.Length == 0 || !IsTrusted(address))
        {
            return address;
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

        return address;
    }

    private bool IsTrusted(IPAddress address) => Array.Exists(_trusted, network => network.Contains(address));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork Network(string text) =>
        text.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.Parse(text)
            : new IPNetwork(IPAddress.Parse(text), IPAddress.Parse(text).GetAddressBytes().Length * 8);
}
