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
/// <param name="Settle">
/// To be run in the transaction of what the password was asked for: ends the count of wrong tries. Left out, this try counts for a minute.
/// </param>
public sealed record RightPassword(bool IsOutdated, Sql[] Settle);

/// <summary>
/// The one way a password is looked at, whatever it is asked for (D2): every door that asks for one comes here, so that they share a budget
/// of wrong tries, cost the same time for anybody and leave the same trail.
/// </summary>
public sealed class CheckPassword(Db db, Lockout lockout, PasswordHashing hashing, TimeProvider clock)
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
        var admitted = await lockout.Admit(holder.Email, Lockout.Password, requester, cancel);
        if (admitted.IsRefused)
        {
            return admitted.Refusal!;
        }

        var attempt = admitted.Value;
        var match = await Look(holder, password, attempt, cancel);
        if (match.IsRefused)
        {
            return match.Refusal!;
        }

        if (match.Value == PasswordMatch.Wrong)
        {
            await Fail(holder, attempt, purpose, requester);
            return Refusals.InvalidCredentials;
        }

        Sql[] settle = attempt is null ? [] : [Lockout.Forget(attempt.Email, attempt.Method)];
        return new RightPassword(match.Value == PasswordMatch.RightButOutdated, settle);
    }

    private async Task<Outcome<PasswordMatch>> Look(PasswordHolder holder, string password, Attempt? attempt, CancellationToken cancel)
    {
        var isLookedAt = false;
        try
        {
            var match = await hashing.Verify(holder.Hash, password, cancel);
            isLookedAt = !match.IsRefused;
            return match;
        }
        finally
        {
            if (!isLookedAt && attempt is not null)
            {
                await lockout.Withdraw(attempt, CancellationToken.None);
            }
        }
    }

    // In a transaction of its own, because the one that asked leaves nothing behind (D12); also when the caller has hung up.
    private async Task Fail(PasswordHolder holder, Attempt? attempt, string purpose, Requester requester)
    {
        var metadata = new
        {
            code = Refusals.InvalidCredentials.Code,
            factor = "password",
            purpose,
        };

        await db.Transact<Done>(
            Failing,
            async tx =>
            {
                await tx.Run(SecurityEvent.Insert(SecurityEvent.LoginFailure, holder.UserId, requester, clock.Now(), metadata));
                if (attempt is not null)
                {
                    await lockout.Fail(tx, attempt, holder.UserId, requester);
                }

                return Done.Yes;
            },
            CancellationToken.None
        );
    }
}
