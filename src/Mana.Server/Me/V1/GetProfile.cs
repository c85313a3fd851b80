using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Users;

namespace Mana.Me.V1;

public static class GetProfile
{
    public sealed record Response(
        string Id,
        string Name,
        string Email,
        bool EmailVerified,
        string? Image,
        string Role,
        DateTimeOffset CreatedAt
    );

    /// <summary>The caller as they are stored at this moment.</summary>
    public static async Task<Answer<Response>> Handle(Caller caller, Db db, CancellationToken cancel)
    {
        var user = await db.Find<User>(Scope.User(caller.UserId.Value), User.ById(caller.UserId), cancel);

        return user is null or { DeletedAt: not null }
            ? Refusals.UserNotFound
            : new Response(user.Id.Value, user.Name, user.Email, user.IsEmailVerified, user.Image, user.Role, user.CreatedAt);
    }
}
