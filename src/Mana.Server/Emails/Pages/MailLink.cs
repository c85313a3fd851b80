using Mana.Platform.Http;

namespace Mana.Emails.Pages;

/// <summary>What a mail link carries from page to page.</summary>
/// <param name="Token">The secret; empty when the link has none.</param>
/// <param name="Target">Where to go in the end. A target that is not trusted is dropped: it was not us who wrote it.</param>
public sealed record MailLink(string Token, string? Target)
{
    public const string TokenName = "token";

    public const string TargetName = "callbackURL";

    public static MailLink From(IQueryCollection query, TrustedOrigins origins) =>
        new(query[TokenName] is [{ } token] ? token : "", Trusted(query[TargetName].ToString(), origins));

    public static MailLink From(Form form, TrustedOrigins origins) => new(form.Text(TokenName), Trusted(form.Text(TargetName), origins));

    private static string? Trusted(string target, TrustedOrigins origins) => target.Length > 0 && origins.MayLeadTo(target) ? target : null;
}
