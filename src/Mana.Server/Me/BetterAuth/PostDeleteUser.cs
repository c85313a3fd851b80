using Mana.Platform.Http;

namespace Mana.Me.BetterAuth;

public static class PostDeleteUser
{
    public sealed record Request(string? Password, string? Token, string? CallbackUrl) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) =>
            new(fields.OptionalText("password"), fields.OptionalText("token"), fields.OptionalTarget("callbackURL"));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>
    /// Erases the caller at once: by their password, by a link they were mailed, or within a fresh session (wire section 7.16). With
    /// <c>DELETE_USER_BY_MAIL</c> it mails the link instead.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        RequestErasure erasure,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.Password is { Length: > PasswordSettings.LengthMax })
        {
            return Refusals.PasswordTooLong;
        }

        var (password, token) = (NullIfEmpty(request.Password), NullIfEmpty(request.Token));
        var outcome = await erasure.Run(caller, password, token, request.CallbackUrl, requester, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!.Is(Refusals.InvalidCredentials) ? Refusals.PasswordWrong
                : outcome.Refusal == Refusals.LinkInvalid || outcome.Refusal == Refusals.LinkExpired ? Refusals.ErasureLinkInvalid
                : outcome.Refusal;
        }

        Answer<Response> answer = new Response(true, outcome.Value == Erasure.Done ? "User deleted" : "Verification email sent");
        return outcome.Value == Erasure.Done ? answer.With(cookies.Clear()) : answer;
    }

    /// <summary>The wire takes an empty text for an absent one here.</summary>
    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
