using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Users;

namespace Mana.SignUp.BetterAuth;

public static class PostSignUpEmail
{
    /// <summary>Members of a person that have no default and may not be set; those with one keep it, whatever the body says.</summary>
    private static readonly string[] Fixed = ["role", "banReason", "banExpires"];

    /// <param name="Forbidden">The first of the fixed members the body tries to set.</param>
    public sealed record Request(
        string Name,
        string Email,
        string Password,
        string? Image,
        string? CallbackUrl,
        bool IsRemembered,
        string? Forbidden
    ) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static bool MayBeForm => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Text("name", max: User.NameLengthMax),
                fields.Email("email"),
                fields.Text("password", min: 1),
                fields.OptionalText("image", max: 2048),
                fields.OptionalTarget("callbackURL"),
                fields.OptionalFlag("rememberMe") ?? true,
                Array.Find(Fixed, fields.IsTruthy)
            );
    }

    public sealed record Response(string? Token, BetterAuthUser User);

    /// <summary>
    /// Registers a person for Better Auth clients (wire section 7.2). While verification is required, a known address gets the same answer
    /// as a new one, so that nobody learns who is here (ruling 13).
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        RegisterPerson register,
        SessionCookies cookies,
        EmailSettings emails,
        SessionSettings sessions,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.Forbidden is { } field)
        {
            return Refusals.FieldNotAllowed with { BetterAuth = new("FIELD_NOT_ALLOWED", $"{field} is not allowed to be set") };
        }

        var stay = request.IsRemembered ? new Stay(sessions.Lifetime, true) : new Stay(SessionSettings.UnrememberedLifetime, false);
        var registration = new Registration(request.Email, request.Password, request.Name, request.Image, request.CallbackUrl);
        var outcome = await register.Run(registration, stay, requester, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var user = outcome.Value.User;
        Answer<Response> answer = new Response(null, user.ToBetterAuth());
        if (outcome.Value.SignedIn is { } signedIn)
        {
            answer = new Response(signedIn.Opened.Token, user.ToBetterAuth());
            answer = answer.WithSession(cookies, signedIn.Opened.Issued, presented, requester);
        }

        return emails.LinksArePages ? answer.With(cookies.IssueSignUpFlow(user.Id.Value, emails.VerificationLifetime)) : answer;
    }
}
