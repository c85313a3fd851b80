using System.Text.Json.Serialization;
using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.SignIn.BetterAuth;

public static class PostSignInEmail
{
    public sealed record Request(string Email, string Password, string? CallbackUrl, bool IsRemembered) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static bool MayBeForm => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Text("email"),
                fields.Text("password"),
                fields.OptionalTarget("callbackURL"),
                fields.OptionalFlag("rememberMe") ?? true
            );
    }

    public sealed record Response(
        bool Redirect,
        string Token,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url,
        BetterAuthUser User
    );

    /// <summary>Signs a person in for Better Auth clients (wire section 7.3).</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        PasswordSignIn signIn,
        SessionCookies cookies,
        SessionSettings sessions,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        // The wire checks these two here and not with the shape of the body, so their codes differ from a validation error.
        if (!Fields.IsEmail(request.Email))
        {
            return Refusals.InvalidEmail;
        }

        if (request.Password.Length > PasswordSettings.LengthMax)
        {
            return Refusals.PasswordTooLong;
        }

        var stay = request.IsRemembered ? new Stay(sessions.Lifetime, true) : new Stay(SessionSettings.UnrememberedLifetime, false);
        var outcome = await signIn.Run(request.Email.ToLowerInvariant(), request.Password, stay, requester, Device.Unnamed, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var (user, opened) = outcome.Value;
        var url = request.CallbackUrl;
        Answer<Response> answer = new Response(url is not null, opened.Token, url, user.ToBetterAuth());
        answer = answer.WithSession(cookies, opened.Issued, presented, requester);

        return url is null ? answer : answer.With("Location", Redirects.Encode(url));
    }
}
