using System.Security.Cryptography;
using System.Text;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>A postgresql:// address in its parts, unescaped; written with every part percent-encoded.</summary>
internal sealed record DatabaseUrl(string User, string Password, string Host, int Port, string Database, string Query = "")
{
    private const int StandardPort = 5432;

    public static DatabaseUrl Parse(string variable, string text)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("postgresql" or "postgres")
            || url.Host.Length == 0
            || url.UserInfo.Length == 0
        )
        {
            throw new Failure(
                $"{variable} is not an address of PostgreSQL that ./mana can use.",
                "write it as postgresql://user:password@host:port/database, with special characters percent-encoded",
                $"unset {variable}: ./mana then brings its own PostgreSQL"
            );
        }
        var login = url.UserInfo.Split(':', 2);
        return new DatabaseUrl(
            Uri.UnescapeDataString(login[0]),
            login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "",
            url.Host,
            url.Port > 0 ? url.Port : StandardPort,
            Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
            url.Query
        );
    }

    /// <summary>
    /// The password of Mana's roles on a server of one's own, the same from every checkout and for the specs: two that each drew a random
    /// one would lock each other out. Whoever can compute it knows the privileged login already.
    /// </summary>
    public string RolePassword() =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(User + "\n" + Password), "mana roles"u8));

    public override string ToString() =>
        $"postgresql://{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(Password)}@{Host}:{Port}/{Uri.EscapeDataString(Database)}{Query}";
}
