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
public sealed class PasswordSignIn(Db db, CheckPassword check, PasswordHashing hashing, Gate gate, TimeProvider clock)
{
    private static readonly Scope Finding = Scope.Service("find who signs in with a password");

    private static readonly Scope Entering = Scope.Service("sign in with a password");

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
        var checkedOne = await check.Run(new PasswordHolder(email, known?.User.Id, hash), password, "sign_in", requester, cancel);
        var entered = checkedOne.IsRefused
            ? checkedOne.Refusal!
            : await Enter(known!.User, checkedOne.Value, hash!, password, stay, requester, device, cancel);
        Signals.LoginTried(entered.Refusal?.Code.ToLowerInvariant() ?? "success");

        return entered;
    }

    private async Task<Outcome<SignedIn>> Enter(
        User user,
        RightPassword right,
        string hash,
        string password,
        Stay stay,
        Requester requester,
        Device device,
        CancellationToken cancel
    )
    {
        if (gate.Check(user) is { } kept)
        {
            // Outside the transaction that was refused, because that one leaves nothing behind (D12).
            var metadata = new { code = kept.Code, factor = "password" };
            await db.Run(Failing, SecurityEvent.Insert(SecurityEvent.LoginFailure, user.Id, requester, clock.Now(), metadata), cancel);
            return kept;
        }

        var renewed = right.IsOutdated ? await hashing.Renew(password, cancel) : (Outcome<string>?)null;

        return await db.Transact<SignedIn>(
            Entering,
            async tx =>
            {
                if (renewed is { IsRefused: false } created)
                {
                    await tx.Run(PasswordRow.Upgrade(user.Id, hash, created.Value, clock.Now()));
                }

                return await gate.Enter(tx, user, stay, requester, device);
            },
            cancel
        );
    }

    private sealed record Known(User User, string? Hash) : IRow<Known>
    {
        public static Known Read(NpgsqlDataReader row) => new(User.Read(row), row.IsDBNull(10) ? null : row.GetString(10));
    }
}
