using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Me;

/// <summary>What somebody changes about how they are shown. What is not said stays as it is.</summary>
/// <param name="Name">Null leaves the name.</param>
/// <param name="Image">With <paramref name="ChangesImage"/>, null removes the picture.</param>
public sealed record ProfileChange(string? Name, bool ChangesImage, string? Image)
{
    /// <summary>Longest address of a picture we keep.</summary>
    public const int ImageLengthMax = 2_048;

    public bool IsEmpty => Name is null && !ChangesImage;
}

/// <summary>Changes one's own name and picture. Every instance forgets what it remembered of the person, by the feed.</summary>
public sealed class UpdateProfile(Db db, Revocations revocations, TimeProvider clock)
{
    private static readonly Scope Updating = Scope.Service("change one's own profile");

    public async Task<Outcome<User>> Run(UserId userId, ProfileChange change, Requester requester, CancellationToken cancel)
    {
        if (change.IsEmpty)
        {
            return Refusals.NoFieldsToUpdate;
        }

        var now = clock.Now();

        return await db.Transact<User>(
            Updating,
            async tx =>
            {
                var changed = await tx.Find<User>(
                    $"""
                    update auth.users
                    set name = coalesce({change.Name}, name), image = case when {change.ChangesImage} then {change.Image} else image end,
                        updated_at = {now}
                    where id = {userId} and deleted_at is null
                    returning id, name, email, email_verified, image, role::text, two_factor_enabled, created_at, updated_at, deleted_at
                    """
                );
                if (changed is null)
                {
                    return Refusals.UserNotFound;
                }

                await tx.Run(SecurityEvent.Insert(SecurityEvent.ProfileUpdated, userId, requester, now));
                tx.AfterCommit(() => revocations.Changed(userId));

                return changed;
            },
            cancel
        );
    }
}
