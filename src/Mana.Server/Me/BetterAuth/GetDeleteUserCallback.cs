using Mana.Platform;
using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Me.BetterAuth;

public static class GetDeleteUserCallback
{
    /// <summary>Follows a mailed link that erases, for whoever it was mailed to and is signed in here (wire section 7.17).</summary>
    public static async Task<Answer<PostDeleteUser.Response>> Handle(
        HttpContext http,
        FollowErasureLink follow,
        FindSession sessions,
        SessionCookies cookies,
        TrustedOrigins origins,
        PresentedSession presented,
        CancellationToken cancel
    )
    {
        var query = http.Request.Query;
        if (query["token"] is not [{ } token])
        {
            return Invalid("token", query["token"].Count == 0 ? "undefined" : "array");
        }

        if (query["callbackURL"].Count > 1)
        {
            return Invalid("callbackURL", "array");
        }

        var callback = query["callbackURL"].ToString();
        if (!origins.MayLeadTo(callback))
        {
            return Refusals.InvalidCallbackUrl;
        }

        var session = await sessions.Visitor(presented, mayRenew: false, cancel);
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
                ? new PostDeleteUser.Response(true, "User deleted")
                : Answer<PostDeleteUser.Response>.Empty(StatusCodes.Status302Found).With("Location", Redirects.Encode(callback));

        return answer.With(cookies.Clear());
    }

    private static Refusal Invalid(string name, string received) =>
        Refusals.Validation with
        {
            BetterAuth = new("VALIDATION_ERROR", $"[query.{name}] Invalid input: expected string, received {received}"),
        };
}
