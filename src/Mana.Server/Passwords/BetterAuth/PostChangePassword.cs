using Mana.Platform.Http;

namespace Mana.Passwords.BetterAuth;

public static class PostChangePassword
{
    public sealed record Request(string CurrentPassword, string NewPassword, bool EndsOtherSessions) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields)
        {
            var chosen = fields.Text("newPassword"); // first, as the wire lists its problems

            return new Request(fields.Text("currentPassword"), chosen, fields.OptionalFlag("revokeOtherSessions") ?? false);
        }
    }

    public sealed record Response(string? Token, BetterAuthUser User);

    /// <summary>
    /// Changes the password of whoever is signed in. With <c>revokeOtherSessions</c> all their sessions end and a new one is opened here (wire
    /// section 7.11).
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        ChangePassword change,
        SessionCookies cookies,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var after = request.EndsOtherSessions ? SessionsAfter.Replaced : SessionsAfter.Kept;
        var outcome = await change.Run(caller, request.CurrentPassword, request.NewPassword, after, requester, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var (user, successor) = outcome.Value;
        Answer<Response> answer = new Response(successor?.Token, user.ToBetterAuth());

        return successor is null ? answer : answer.WithSession(cookies, successor.Issued, presented, requester);
    }
}
