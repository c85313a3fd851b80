using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Me.BetterAuth;

public static class PostUpdateUser
{
    /// <summary>Members a person has and may not set, in the order the wire looks at them.</summary>
    private static readonly string[] Fixed = ["twoFactorEnabled", "role", "banned", "banReason", "banExpires"];

    /// <param name="HasEmail">A member <c>email</c> a script would take for true.</param>
    /// <param name="Forbidden">The first of the fixed members the body tries to set.</param>
    public sealed record Request(ProfileChange Change, bool HasEmail, string? Forbidden) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static string Kind => "record";

        public static Request Parse(Fields fields) =>
            new(
                new ProfileChange(
                    fields.OptionalText("name", max: User.NameLengthMax),
                    fields.Has("image"),
                    fields.ClearableText("image", ProfileChange.ImageLengthMax)
                ),
                fields.IsTruthy("email"),
                Array.Find(Fixed, fields.IsTruthy)
            );
    }

    /// <summary>Changes name and picture, and sends the session's cookie again (wire section 7.13).</summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        Caller caller,
        UpdateProfile update,
        FindSession sessions,
        SessionCookies cookies,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.HasEmail)
        {
            return Refusals.EmailCannotBeUpdated;
        }

        if (request.Forbidden is { } field)
        {
            return Refusals.FieldNotAllowed with { BetterAuth = new("FIELD_NOT_ALLOWED", $"{field} is not allowed to be set") };
        }

        var updated = await update.Run(caller.UserId, request.Change, requester, cancel);
        if (updated.IsRefused)
        {
            return updated.Refusal!;
        }

        var token = presented.Token!;
        var found = await sessions.Run(token, mayRenew: false, cancel);
        if (found.IsRefused)
        {
            return found.Refusal!;
        }

        Answer<BetterAuthStatus> answer = new BetterAuthStatus();
        return answer.WithSession(cookies, token, found.Value.Session.CookieLifetime);
    }
}
