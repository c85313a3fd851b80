using System.Security.Cryptography;
using System.Text;

namespace Mana.Platform.Http;

/// <summary>The key other services of the ecosystem show in <c>X-Service-Key</c> (contract 0.3).</summary>
public sealed class ServiceKey(SecretSettings settings)
{
    public const string Header = "X-Service-Key";

    // Compared as hashes, so that neither content nor length shows in the time it takes.
    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(settings.ServiceKey));

    public bool IsPresented(HttpRequest request) =>
        request.Headers[Header] is [{ } key]
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), _expected);
}
