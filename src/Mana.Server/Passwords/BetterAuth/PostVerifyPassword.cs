using Mana.Platform.Http;

namespace Mana.Passwords.BetterAuth;

public static class PostVerifyPassword
{
    public sealed record Request(string Password) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Text("password"));
    }

    /// <summary>Says whether this is the password of whoever is signed in; wrong ones count as at sign-in (wire section 7.12).</summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        Caller caller,
        VerifyPassword verify,
        Requester requester,
        CancellationToken cancel
    )
    {
        var outcome = await verify.Run(caller, request.Password, requester, cancel);

        return outcome.Then(_ => new BetterAuthStatus());
    }
}
