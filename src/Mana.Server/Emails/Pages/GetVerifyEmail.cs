using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class GetVerifyEmail
{
    /// <summary>Shows whom a verification link is for and what is left to do. Uses nothing up, because mail scanners follow links (ruling 9).</summary>
    public static async Task<Page> Handle(
        HttpRequest request,
        VerifyEmail verify,
        [AsParameters] VerifyEmailPages show,
        TrustedOrigins origins,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(request.Query, origins);
        var found = await verify.Look(link.Token, cancel);

        return found.IsRefused ? VerifyEmailPages.Refused(link, found.Refusal!) : show.Pending(request, link, found.Value);
    }
}
