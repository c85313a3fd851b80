namespace Mana.Emails;

/// <summary>
/// Addresses of links in mails: a page of ours whose button acts, or the route of the wire that acts at once (ruling 9). Built from the
/// configured address alone (D6).
/// </summary>
public sealed class MailLinks(EmailSettings settings, HttpSettings http)
{
    /// <param name="page">Path of the page.</param>
    /// <param name="direct">Path of the route that acts at once.</param>
    /// <param name="callbackUrl">A checked redirect target, or null.</param>
    public string To(string page, string direct, string secret, string? callbackUrl)
    {
        var root = http.BaseUrl.ToString().TrimEnd('/');
        var link = $"{root}{(settings.LinksArePages ? page : direct)}?token={Uri.EscapeDataString(secret)}";
        var target = settings.LinksArePages ? callbackUrl : callbackUrl ?? "/";

        return target is null ? link : $"{link}&callbackURL={Uri.EscapeDataString(target)}";
    }
}
