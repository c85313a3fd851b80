using Mana.Platform.Http;

namespace Mana.Passwords.BetterAuth;

public static class PostResetPassword
{
    public sealed record Request(string NewPassword, string? Token) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Text("newPassword"), fields.OptionalText("token"));
    }

    /// <summary>Sets a new password by the secret of a mailed link, in the body or else in the query (wire section 7.10).</summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        HttpRequest http,
        ResetPassword reset,
        Requester requester,
        CancellationToken cancel
    )
    {
        var query = new WireQuery(http.Query);
        var asked = query.OptionalText("token");
        if (query.Wrong is { } wrong)
        {
            return wrong;
        }

        var token = string.IsNullOrEmpty(request.Token) ? asked : request.Token;
        if (token.Length == 0)
        {
            return Refusals.ResetLinkInvalid;
        }

        var outcome = await reset.Run(token, request.NewPassword, requester, cancel);

        return outcome.Then(_ => new BetterAuthStatus());
    }
}
