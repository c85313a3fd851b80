using Mana.Platform.Http;

namespace Mana.Emails.BetterAuth;

public static class PostChangeEmail
{
    public sealed record Request(string NewEmail, string? CallbackUrl) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Email("newEmail"), fields.OptionalTarget("callbackURL"));
    }

    /// <summary>
    /// Mails a link to the new address, which takes effect when it is followed (wire section 7.15). Answers the same for an address that is
    /// taken.
    /// </summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        Caller caller,
        RequestEmailChange change,
        Requester requester,
        CancellationToken cancel
    )
    {
        var asked = await change.Run(caller, request.NewEmail, request.CallbackUrl, mayTell: false, requester, cancel);

        return asked.Then(_ => new BetterAuthStatus());
    }
}
