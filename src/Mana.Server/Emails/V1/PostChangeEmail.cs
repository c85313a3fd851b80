using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Emails.V1;

public static class PostChangeEmail
{
    public sealed record Request(string NewEmail, string? CallbackUrl) : IBody<Request>
    {
        public static Request Parse(Fields fields) => new(fields.Email("newEmail"), fields.OptionalTarget("callbackURL"));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>
    /// Mails a link to the new address; nothing changes before it is followed. The session must be fresh (<c>SESSION_FRESH_AGE</c>). A taken
    /// address is 409, unless <c>REGISTRATION_DISCLOSURE</c> is <c>hidden</c>.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        RequireFreshSession fresh,
        RequestEmailChange change,
        TrustedOrigins origins,
        SignUpSettings settings,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.CallbackUrl is { } target && !origins.MayLeadTo(target))
        {
            return Refusals.InvalidCallbackUrl with { Message = "callbackURL is not a trusted address" };
        }

        var allowed = await fresh.Run(caller.SessionId, cancel);
        if (allowed.IsRefused)
        {
            return allowed.Refusal!;
        }

        var asked = await change.Run(caller, request.NewEmail, request.CallbackUrl, mayTell: !settings.IsHidden, requester, cancel);

        return asked.Then(_ => new Response(true, "Verification email sent to new address"));
    }
}
