using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;
using Npgsql;

namespace Mana.SignIn;

/// <summary>Signs a person in with address and password. An unknown address costs the same hash as a known one.</summary>
public sealed class PasswordSignIn(
    Db db,
    CheckPassword check,
    PasswordHashing hashing,
    Gate gate,
    TimeProvider clock,
    ILogger<PasswordSignIn> logger
)
{
    private static readonly Scope Finding = Scope.Service("find who signs in with a password");

    private static readonly Scope Entering = Scope.Service("sign in with a password");

    private static readonly Scope Upgrading = Scope.Service("upgrade the hash of a password");

    private static readonly Scope Failing = Scope.Service("record a sign-in that was kept out");

    public async Task<Outcome<SignedIn>> Run(
        string email,
        string password,
        Stay stay,
        Requester requester,
        Device device,
        CancellationToken cancel
    )
    {
        // Twice, because another sign-in may have upgraded the hash at this very moment; a password that was replaced is wrong by then.
        var entered =
            await Try(email, password, stay, requester, device, cancel)
            ?? await Try(email, password, stay, requester, device, cancel)
            ?? Refusals.InvalidCredentials;
        Signals.LoginTried(entered.Refusal?.Code.ToLowerInvariant() ?? "success");

        return entered;
    }

    /// <returns>Null when the stored hash was exchanged while it was being verified.</returns>
    private async Task<Outcome<SignedIn>?> Try(
        string email,
        string password,
        Stay stay,
        Requester requester,
        Device device,
        CancellationToken cancel
    )
    {
        var known = await db.Find<Known>(
            Finding,
            $"""
            select u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at, p.hashed_password
            from auth.users u
            left join auth.passwords p on p.user_id = u.id
            where u.email = {email}
            """,
            cancel
        );
        // An account that was closed has no password any more, so that it cannot be told from an address nobody has.
        var hash = known?.User.DeletedAt is null ? known?.Hash : null;
        var right = await check.Run(new PasswordHolder(email, known?.User.Id, hash), password, "sign_in", requester, cancel);
        if (right.IsRefused)
        {
            return right.Refusal!;
        }

        var entered = await Enter(known!.User, hash!, right.Value, stay, requester, device, cancel);
        if (entered is { IsRefused: false } && right.Value.IsOutdated)
        {
            await Upgrade(known.User.Id, hash!, password, cancel);
        }

        return entered;
    }

    private async Task<Outcome<SignedIn>?> Enter(
        User user,
        string verified,
        RightPassword right,
        Stay stay,
        Requester requester,
        Device device,
        CancellationToken cancel
    )
    {
        var isReplaced = false;
        var entered = await db.Transact<SignedIn>(
            Entering,
            async tx =>
            {
                isReplaced = await tx.Find<One<string>>(PasswordRow.Confirm(user.Id, verified)) is null;

                return isReplaced ? Refusals.InvalidCredentials : await gate.Enter(tx, user, stay, requester, device, right.Settle);
            },
            cancel
        );
        if (isReplaced)
        {
            return null;
        }

        if (entered.Refusal is not { } kept)
        {
            return entered;
        }

        // Outside the transaction that was refused, because that one leaves nothing behind (D12).
        var metadata = new { code = kept.Code, factor = "password" };
        var failure = SecurityEvent.Insert(SecurityEvent.LoginFailure, user.Id, requester, clock.Now(), metadata);
        await db.Transact<int>(Failing, async tx => await tx.Run([.. right.Settle, failure]), cancel);

        return kept;
    }

    /// <summary>
    /// Stores the password anew, at today's cost. The person is in already and stays so whatever becomes of this: the next sign-in tries again
    /// (PWD-05).
    /// </summary>
    private async Task Upgrade(UserId userId, string verified, string password, CancellationToken cancel)
    {
        try
        {
            if (await hashing.Renew(password, cancel) is { IsRefused: false } renewed)
            {
                await db.Run(Upgrading, PasswordRow.Exchange(userId, verified, renewed.Value, clock.Now()), cancel);
            }
        }
        catch (Exception cause)
        {
            SignInLog.NotUpgraded(logger, cause.GetType().Name);
        }
    }

    private sealed record Known(User User, string? Hash) : IRow<Known>
    {
        public static Known Read(NpgsqlDataReader row) =>
            new(User.Read(row), row.IsDBNull(User.Columns) ? null : row.GetString(User.Columns));
    }
}
