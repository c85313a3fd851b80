using Mana.Platform.Http;

namespace Mana.Web;

/// <summary>What a mail link carries from page to page.</summary>
/// <param name="Token">The secret; empty when the link has none.</param>
public sealed record MailLink(string Token, Onward Onward)
{
    public const string TokenName = "token";

    public static MailLink From(IQueryCollection query, TrustedOrigins origins) =>
        new(query[TokenName] is [{ } token] ? token : "", Onward.From(query, origins));

    public static MailLink From(Form form, TrustedOrigins origins) => new(form.Text(TokenName), Onward.From(form, origins));
}
