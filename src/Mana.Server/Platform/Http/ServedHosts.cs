using System.IO.Enumeration;
using System.Net;

namespace Mana.Platform.Http;

/// <summary>
/// The names this service answers to (WEB-06): that of <c>BASE_URL</c>, those of <c>ALLOWED_HOSTS</c>, addresses, and names without a dot,
/// which are those of machines and containers beside us. Another name is somebody's who lets it lead here, so that a browser takes that
/// stranger's page and our answers for one origin.
/// </summary>
public sealed class ServedHosts(HttpSettings settings)
{
    private readonly string[] _patterns = [settings.BaseUrl.Host, .. settings.AllowedHosts];

    /// <summary>The one asked for last; nearly every request of an instance names the same.</summary>
    private string _latest = "";

    public bool Serves(HttpRequest request)
    {
        var host = request.Headers.Host.ToString();
        if (host == _latest)
        {
            return true;
        }

        if (!Serves(request.Host))
        {
            return false;
        }

        _latest = host;
        return true;
    }

    /// <summary>True for the very address of <c>BASE_URL</c>, port included.</summary>
    public bool IsOwn(HostString host) =>
        host.Host.Equals(settings.BaseUrl.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port ?? (settings.IsSecure ? 443 : 80)) == settings.BaseUrl.Port;

    private bool Serves(HostString host) =>
        !host.Host.Contains('.', StringComparison.Ordinal)
        || IPAddress.TryParse(host.Host, out _)
        || Array.Exists(_patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, host.Host, ignoreCase: true));
}
