using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Protocols.Passwords;
using Mana.Security;

namespace Mana.Passwords;

/// <summary>Whose password is asked for.</summary>
/// <param name="Email">In lower case. Tries are counted by it, whether or not it belongs to anybody.</param>
/// <param name="UserId">Null when nobody has the address.</param>
/// <param name="Hash">Null for nobody, for somebody without a password, and for somebody who may not use it any more.</param>
public sealed record PasswordHolder(string Email, UserId? UserId, string? Hash);

/// <summary>A password that was right.</summary>
/// <param name="IsOutdated">The stored hash is of another format or cost than new ones.</param>
public sealed record RightPassword(bool IsOutdated);

/// <summary>
/// The one way a password is looked at, whatever it is asked for (D2): every door that asks for one comes here, so that they share a budget
/// of wrong tries, cost the same time for anybody and leave the same trail.
/// </summary>
public sealed class CheckPassword(Db db, PasswordHashing hashing, TimeProvider clock)
{
    private static readonly Scope Failing = Scope.Service("record a wrong password");

    /// <param name="purpose">What the password was asked for, in the audit: <c>sign_in</c>, <c>change_password</c>, …</param>
    /// <returns>
    /// <see cref="Refusals.InvalidCredentials"/> for a wrong password, and whatever keeps it from being looked at. A surface that words a wrong
    /// password differently for this purpose translates that one.
    /// </returns>
    public async Task<Outcome<RightPassword>> Run(
        PasswordHolder holder,
        string password,
        string purpose,
        Requester requester,
        CancellationToken cancel
    )
    {
        var match = await hashing.Verify(holder.Hash, password, cancel);
        if (match.IsRefused)
        {
            return match.Refusal!;
        }

        if (match.Value != PasswordMatch.Wrong)
        {
            return new RightPassword(match.Value == PasswordMatch.RightButOutdated);
        }

        // In a transaction of its own, because the one that asked leaves nothing behind (D12); also when the caller has hung up.
        var metadata = new
        {
            code = Refusals.InvalidCredentials.Code,
            factor = "password",
            purpose,
        };
        var failure = SecurityEvent.Insert(SecurityEvent.LoginFailure, holder.UserId, requester, clock.Now(), metadata);
        await db.Run(Failing, failure, CancellationToken.None);

        return Refusals.InvalidCredentials;
    }
}
