using Mana.Platform.Http;
using Mana.Users;

namespace Mana.SignUp.V1;

public static class PostRegister
{
    public sealed record Request(string Email, string Password, string? Name, string? SourceAppUrl) : IBody<Request>
    {
        public static Request Parse(Fields fields) =>
            new(
                fields.Email("email"),
                fields.Text("password"),
                fields.OptionalText("name", min: 1, max: User.NameLengthMax),
                fields.OptionalTarget("sourceAppUrl", max: 255)
            );
    }

    public sealed record Response(string Id, string Email, string Name, DateTimeOffset CreatedAt, ManaUser User, string? Token);

    /// <summary>Registers a person. Sessions are opened by signing in, so there is no token yet.</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        RegisterPerson register,
        TrustedOrigins origins,
        SessionCookies cookies,
        EmailSettings emails,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.SourceAppUrl is { } target && !origins.MayLeadTo(target))
        {
            return Refusals.InvalidCallbackUrl with { Message = "sourceAppUrl is not a trusted address" };
        }

        var registration = new Registration(request.Email, request.Password, request.Name, Image: null, request.SourceAppUrl);
        var outcome = await register.Run(registration, stay: null, requester, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var user = outcome.Value.User;
        Answer<Response> answer = new Response(user.Id.Value, user.Email, user.Name, user.CreatedAt, user.ToMana(), Token: null);
        answer = answer.With(StatusCodes.Status201Created);

        return emails.LinksArePages ? answer.With(cookies.IssueSignUpFlow(user.Id.Value, emails.VerificationLifetime)) : answer;
    }
}
