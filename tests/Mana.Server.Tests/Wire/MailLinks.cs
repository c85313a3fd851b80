using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mana.Specs.World;

namespace Mana.Specs.Wire;

/// <summary>
/// Which of our mails stands for a secret of the recording. The recorded requests show the secrets of links, not the mails: a verification
/// secret of the reference names its mailbox itself, of the others it is written down here whose they are.
/// </summary>
public sealed partial class MailLinks(House house)
{
    private const int ErasureLength = 32;

    /// <summary>Mailbox of every recorded secret that does not say it, and how many newer mails of its kind had been sent to it.</summary>
    private static readonly Dictionary<string, (string Mailbox, int Newer)> Owners = new(StringComparer.Ordinal)
    {
        ["nTiiNFOb7TaQ2PC73HxyH5qt"] = ("alice@example.com", 0),
        ["LlkQRb6x0XbkuUjkZ1KKIsdq"] = ("eve@example.com", 0),
        ["zVSOxgVqHcdRF7V02EDJAZCY"] = ("unv1795242364@example.com", 0),
        ["z98a9LjUEBJN6NwaeivVSOy4"] = ("gus1795242364@example.com", 0),
        ["D0zN3m9RsGKtQW05dXviIVeU"] = ("gus1795242364@example.com", 1),
        ["GrLUROXoNnVjRHpBfhTHtLnG"] = ("gus1795242364@example.com", 0),
        ["YPpPNLmqckO3SpMLv6qOxskT"] = ("hal1795242364@example.com", 0),
        ["nvnKmLGLI9awbikTSX2dqgO1"] = ("ed@example.com", 0),
        ["fejvpqxmgecaqp0rjfsznyn5ra6d3l99"] = ("dd-new@example.com", 0),
        ["xtwdx9vgcp3pm6sex0nw8ya3vdby7z86"] = ("dd2@example.com", 0),
    };

    /// <summary>Learns every secret of the request that is not known yet from the mail it came with.</summary>
    public async Task Learn(RecordedRequest request, Learned names)
    {
        var text = request.Target + (request.Body.ValueKind == JsonValueKind.Undefined ? "" : request.Body.GetRawText());
        foreach (var secret in Secrets().Matches(text).Select(match => match.Value).Distinct().Where(secret => !names.Knows(secret)))
        {
            if (Owner(secret, names) is { } owner && await Ours(owner.Mailbox, owner.Newer, Route(secret)) is { } ours)
            {
                names.Learn(secret, ours);
            }
        }
    }

    /// <returns>Null for a secret no mail was sent with: forged ones, and ones of nobody.</returns>
    private static (string Mailbox, int Newer)? Owner(string secret, Learned names)
    {
        if (!IsSigned(secret))
        {
            return Owners.TryGetValue(secret, out var owner) ? owner : null;
        }

        var claims = JsonElement.Parse(Convert.FromBase64String(Padded(secret.Split('.')[1])));
        if (!IsGenuine(secret) || !claims.TryGetProperty("userId", out var user) || !names.Knows(user.GetString()!))
        {
            return null;
        }

        var isForNew = claims.TryGetProperty("requestType", out var type) && type.GetString() == "change-email-verification";

        return (claims.GetProperty(isForNew ? "updateTo" : "email").GetString()!, 0);
    }

    private static bool IsGenuine(string secret)
    {
        var dot = secret.LastIndexOf('.');
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(ReplayHouse.Secret), Encoding.UTF8.GetBytes(secret[..dot]));

        return Convert.ToBase64String(mac) == Padded(secret[(dot + 1)..]);
    }

    /// <summary>The secret of the newest mail of that kind to a mailbox, or of the one before it.</summary>
    private async Task<string?> Ours(string mailbox, int newer, string route)
    {
        await house.Idle();
        var links = house.Mail.LinksTo(mailbox).Where(link => link.AbsolutePath.Contains(route, StringComparison.Ordinal)).ToArray();

        return newer < links.Length ? SecretOf(links[^(newer + 1)]) : null;
    }

    private static string SecretOf(Uri link) =>
        Token().Match(link.Query) is { Success: true } found ? Uri.UnescapeDataString(found.Groups["token"].Value) : link.Segments[^1];

    /// <summary>Where the link with this secret leads; the reference makes each kind by another alphabet.</summary>
    private static string Route(string secret) =>
        IsSigned(secret) ? "/verify-email"
        : secret.Length == ErasureLength ? "/delete-user/callback"
        : "/reset-password/";

    private static bool IsSigned(string secret) => secret.StartsWith("eyJ", StringComparison.Ordinal);

    private static string Padded(string base64Url)
    {
        var text = new StringBuilder(base64Url).Replace('-', '+').Replace('_', '/');

        return text.Append('=', (4 - (text.Length % 4)) % 4).ToString();
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|\b[A-Za-z0-9]{24}\b|\b[a-z0-9]{32}\b")]
    private static partial Regex Secrets();

    [GeneratedRegex("[?&]token=(?<token>[^&]+)")]
    private static partial Regex Token();
}
