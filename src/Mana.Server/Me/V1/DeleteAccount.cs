using Mana.Platform.Http;

namespace Mana.Me.V1;

public static class DeleteAccount
{
    private const int ReasonLengthMax = 500;

    public sealed record Request(string Password, string? Reason) : IBody<Request>
    {
        public static Request Parse(Fields fields) =>
            new(fields.Text("password", min: 1, max: PasswordSettings.LengthMax), fields.OptionalText("reason", max: ReasonLengthMax));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>
    /// Closes the caller's account: every session ends and nobody signs in any more. The address stays taken, an operator can open the account
    /// again for 30 days, and then everything about the person is erased.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        CloseAccount close,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        var outcome = await close.Run(caller.UserId, request.Password, request.Reason, requester, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!.Is(Refusals.InvalidCredentials) ? Refusals.PasswordWrong : outcome.Refusal;
        }

        Answer<Response> answer = new Response(true, "Account closed. It will be erased in 30 days.");
        return answer.With(cookies.Clear());
    }
}
