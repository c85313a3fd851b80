using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Emails.BetterAuth;

public static class PostSendVerificationEmail
{
    public sealed record Request(string Email, string? CallbackUrl) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Email("email"), fields.OptionalText("callbackURL"));
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
        var target = string.IsNullOrEmpty(request.CallbackUrl) ? null : request.CallbackUrl;
        if (presented.Token is { } token && await sessions.Run(token, mayRenew: true, cancel) is { IsRefused: false } signedIn)
        {
            var user = signedIn.Value.User;
            if (user.Email != request.Email)
            {
                return Refusals.EmailMismatch;
            }

            if (user.IsEmailVerified)
            {
                return Refusals.EmailAlreadyVerified;
            }

            var sent = await resend.Run(request.Email, target, requester, cancel);
            return sent.Then(_ => new BetterAuthStatus());
        }

        var floor = AnswerFloor.Start(cancel);
        var outcome = await resend.Run(request.Email, target, requester, cancel);
        await floor;

        return outcome.Then(_ => new BetterAuthStatus());
    }
}
