using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.SignIn;

/// <summary>Somebody who has just been let in.</summary>
public sealed record SignedIn(User User, OpenedSession Opened);

/// <summary>
/// The one place where a sign-in is granted (D2). Every way in proves its factor and then comes here; what the state of the person or of
/// their mailbox forbids is forbidden for all ways alike.
/// </summary>
public sealed class Gate(OpenSession sessions, EmailSettings settings, TimeProvider clock)
{
    /// <summary>What keeps this person out although the factor was right.</summary>
    public Refusal? Check(User user) =>
        user.DeletedAt is not null ? Refusals.InvalidCredentials
        : settings.IsVerificationRequired && !user.IsEmailVerified ? Refusals.EmailNotVerified
        : null;

    /// <summary>Opens the session in the caller's transaction and records the event beside it.</summary>
    /// <param name="user">As the transaction leaves them.</param>
    /// <param name="settle">Statements that go along, in the same round trip.</param>
    public async Task<Outcome<SignedIn>> Enter(Tx tx, User user, Stay stay, Requester requester, Device device, params Sql[] settle)
    {
        if (Check(user) is { } kept)
        {
            return kept;
        }

        // Asked in this transaction: the ban may be younger than the proof.
        if (await tx.Value<bool>($"select banned_at is not null from auth.users where id = {user.Id}"))
        {
            return Refusals.BannedUser;
        }

        var now = clock.Now();
        var metadata = new { deviceId = device.Id, deviceName = device.Name };
        var success = SecurityEvent.Insert(SecurityEvent.LoginSuccess, user.Id, requester, now, metadata);
        var opened = await sessions.Run(tx, user.Id, stay, requester, device, now, [.. settle, success]);

        return opened.Then(session => new SignedIn(user, session));
    }
}
