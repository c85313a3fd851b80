using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Me.BetterAuth;

public static class GetDeleteUserCallback
{
    public sealed record Response(bool Success, string Message);

    /// <summary>Follows a mailed link that erases, for whoever it was mailed to and is signed in here (wire section 7.17).</summary>
    public static async Task<Answer<Response>> Handle(
        HttpContext http,
        FollowErasureLink follow,
        FindSession sessions,
        SessionCookies cookies,
        TrustedOrigins origins,
        PresentedSession presented,
        CancellationToken cancel
    )
    {
        var query = new WireQuery(http.Request.Query);
        var (token, callback) = (query.Text("token"), query.OptionalText("callbackURL"));
        if (query.Wrong is { } wrong)
        {
            return wrong;
        }

        if (!origins.MayLeadTo(callback))
        {
            return Refusals.InvalidCallbackUrl;
        }

        var session = await sessions.Visitor(presented.Token, mayRenew: false, cancel);
        if (session.IsRefused)
        {
            return session.Refusal!;
        }

        if (session.Value is not { } visitor)
        {
            return Refusals.NobodySignedIn;
        }

        var erased = await follow.Run(token, visitor.User.Id, cancel);
        if (erased.IsRefused)
        {
            return erased.Refusal == Refusals.LinkInvalid ? Refusals.ErasureLinkInvalid : erased.Refusal!;
        }

        var answer =
            callback.Length == 0
                ? new Response(true, "User deleted")
                : Answer<Response>.Empty(StatusCodes.Status302Found).With("Location", Redirects.Encode(callback));

        return answer.With(cookies.Clear());
    }
}
