using Mana.Platform.Http;

namespace Mana.Passwords.V1;

public static class PostChangePassword
{
    public sealed record Request(string CurrentPassword, string NewPassword) : IBody<Request>
    {
        public static Request Parse(Fields fields) => new(fields.Text("currentPassword", min: 1), fields.Text("newPassword"));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>Changes the caller's password. Every other session of theirs ends, and they are told by mail.</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        ChangePassword change,
        Requester requester,
        CancellationToken cancel
    )
    {
        var outcome = await change.Run(caller, request.CurrentPassword, request.NewPassword, SessionsAfter.OthersEnded, requester, cancel);

        return outcome.Then(_ => new Response(true, "Password has been changed successfully"));
    }
}
