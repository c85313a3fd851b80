using Mana.Platform.Http;

namespace Mana.Passwords.V1;

public static class PostResetPassword
{
    public sealed record Request(string Token, string NewPassword) : IBody<Request>
    {
        public static Request Parse(Fields fields) => new(fields.Text("token"), fields.Text("newPassword"));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>Sets a new password by the secret of a mailed link, once. Every session of the person ends.</summary>
    public static async Task<Answer<Response>> Handle(Request request, ResetPassword reset, Requester requester, CancellationToken cancel)
    {
        var outcome = await reset.Run(request.Token, request.NewPassword, requester, cancel);

        return outcome.Then(_ => new Response(true, "Password has been reset successfully"));
    }
}
