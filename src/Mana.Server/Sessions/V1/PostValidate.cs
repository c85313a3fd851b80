using System.Text.Json.Serialization;
using Mana.Platform.Http;
using Mana.Protocols.Jose;

namespace Mana.Sessions.V1;

public static class PostValidate
{
    public sealed record Request(string Token) : IBody<Request>
    {
        public static IReadOnlyCollection<KeyValuePair<string, object>> RefusalMembers { get; } = [new("valid", false)];

        public static Request Parse(Fields fields) => new(fields.Text("token", min: 1));
    }

    public sealed record Payload(string Sub, string Email, string Role, string Sid, long Iat, long Exp, string Iss, string Aud);

    public sealed record Response(
        bool Valid,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Payload? Payload,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error
    );

    /// <summary>Says whether an access token is good at this moment: signature, times, and a session that still lives.</summary>
    public static async Task<Answer<Response>> Handle(Request request, CheckCaller callers, CancellationToken cancel)
    {
        var validated = await callers.Validate(request.Token, cancel);

        return validated.Then(found =>
            found.Claims is { } claims ? new Response(true, Of(claims), null) : new Response(false, null, found.Reason)
        );
    }

    private static Payload Of(AccessTokenClaims claims) =>
        new(
            claims.Subject,
            claims.Email,
            claims.Role,
            claims.SessionId,
            claims.IssuedAt.ToUnixTimeSeconds(),
            claims.ExpiresAt.ToUnixTimeSeconds(),
            claims.Issuer,
            claims.Audience
        );
}
