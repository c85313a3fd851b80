using Mana.Platform;
using Mana.Platform.Http;
using Mana.Tokens;

namespace Mana.Sessions.V1;

public static class PostRefresh
{
    public sealed record Request(string RefreshToken, string? DeviceId) : IBody<Request>
    {
        public static Request Parse(Fields fields) => new(fields.Text("refreshToken", min: 1), fields.OptionalText("deviceId", max: 255));
    }

    public sealed record Response(ManaUser User, string AccessToken, string RefreshToken, int ExpiresIn, string TokenType);

    /// <summary>Exchanges a refresh token for a new pair. A token already exchanged ends the session.</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        RotateRefreshToken rotate,
        MintAccessToken mint,
        Requester requester,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var refreshed = await rotate.Run(request.RefreshToken, requester, request.DeviceId, cancel);

        return refreshed.Then(session => new Response(
            session.User.ToMana(),
            mint.Run(session.User.Id, session.User.Email, session.User.Role, session.Session.Id, clock.Now()),
            session.RefreshToken,
            mint.LifetimeSeconds,
            "Bearer"
        ));
    }
}
