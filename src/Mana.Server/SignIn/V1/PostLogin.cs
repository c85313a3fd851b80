using Mana.Platform;
using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Tokens;

namespace Mana.SignIn.V1;

public static class PostLogin
{
    public sealed record Request(string Email, string Password, string? DeviceId, string? DeviceName, bool? RememberMe) : IBody<Request>
    {
        public static Request Parse(Fields fields) =>
            new(
                fields.Email("email"),
                fields.Text("password", min: 1, max: PasswordSettings.LengthMax),
                fields.OptionalText("deviceId", max: 255),
                fields.OptionalText("deviceName", max: 255),
                fields.OptionalFlag("rememberMe")
            );
    }

    public sealed record Response(
        ManaUser User,
        string Token,
        string AccessToken,
        string RefreshToken,
        int ExpiresIn,
        string TokenType,
        bool Redirect
    );

    /// <summary>Signs a person in with address and password; answers tokens and sets the session cookie.</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        PasswordSignIn signIn,
        MintAccessToken mint,
        SessionCookies cookies,
        SessionSettings sessions,
        PresentedSession presented,
        Requester requester,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var lifetime = request.RememberMe == true ? sessions.RememberedLifetime : sessions.Lifetime;
        var device = new Device(request.DeviceId, request.DeviceName);
        var outcome = await signIn.Run(request.Email, request.Password, new Stay(lifetime, true), requester, device, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var ((user, opened), now) = (outcome.Value, clock.Now());
        Answer<Response> answer = new Response(
            user.ToMana(),
            opened.Token,
            mint.Run(new Bearer(user.Id, user.Email, user.Role, opened.Session.Id, opened.Session.ExpiresAt), now),
            opened.RefreshToken,
            mint.SecondsOf(opened.Session.ExpiresAt, now),
            "Bearer",
            Redirect: false
        );

        return answer.With(cookies.Issue(opened.Issued, presented, requester));
    }
}
