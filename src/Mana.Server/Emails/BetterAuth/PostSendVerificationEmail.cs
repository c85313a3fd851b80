using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Emails.BetterAuth;

public static class PostSendVerificationEmail
{
    public sealed record Request(string Email, string? CallbackUrl) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Email("email"), fields.OptionalTarget("callbackURL"));
    }

    /// <summary>Mails a new verification link (wire section 7.6).</summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        ResendVerification resend,
        FindSession sessions,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var session = await sessions.Visitor(presented.Token, mayRenew: true, cancel);
        if (session.IsRefused)
        {
            return session.Refusal!;
        }

        if (session.Value is { User: var user })
        {
            if (user.Email != request.Email)
            {
                return Refusals.EmailMismatch;
            }

            if (user.IsEmailVerified)
            {
                return Refusals.EmailAlreadyVerified;
            }

            var sent = await resend.Run(request.Email, request.CallbackUrl, requester, cancel);
            return sent.Then(_ => new BetterAuthStatus());
        }

        var floor = AnswerFloor.Start(cancel);
        var outcome = await resend.Run(request.Email, request.CallbackUrl, requester, cancel);
        await floor;

        return outcome.Then(_ => new BetterAuthStatus());
    }
}
