using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Protocols.Passwords;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;
using Npgsql;

namespace Mana.SignIn;

/// <summary>Signs a person in with address and password. An unknown address costs the same hash as a known one.</summary>
public sealed class PasswordSignIn(Db db, PasswordHashing hashing, Gate gate, TimeProvider clock)
{
    private static readonly Scope Finding = Scope.Service("find who signs in with a password");

    private static readonly Scope Entering = Scope.Service("sign in with a password");

    private static readonly Scope Failing = Scope.Service("record a failed sign-in");

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
        var match = await hashing.Verify(known?.Hash, password, cancel);
        if (match.IsRefused)
        {
            return match.Refusal!;
        }

        if (known is null || match.Value == PasswordMatch.Wrong)
        {
            await Record(Refusals.InvalidCredentials, known?.User.Id, requester, cancel);
            return Refusals.InvalidCredentials;
        }

        if (gate.Check(known.User) is { } kept)
        {
            await Record(kept, known.User.Id, requester, cancel);
            return kept;
        }

        var upgraded = match.Value == PasswordMatch.RightButOutdated ? await hashing.Create(password, cancel) : (Outcome<string>?)null;

        var entered = await db.Transact<SignedIn>(
            Entering,
            async tx =>
            {
                if (upgraded is { IsRefused: false } hash)
                {
                    await tx.Run(PasswordRow.Upgrade(known.User.Id, known.Hash!, hash.Value, clock.Now()));
                }

                return await gate.Enter(tx, known.User, stay, requester, device);
            },
            cancel
        );
        Signals.LoginTried(entered.Refusal?.Code.ToLowerInvariant() ?? "success");

        return entered;
    }

    // Outside the transaction that was refused, because that one leaves nothing behind (D12).
    private async Task Record(Refusal refusal, UserId? userId, Requester requester, CancellationToken cancel)
    {
        Signals.LoginTried(refusal.Code.ToLowerInvariant());
        var metadata = new { code = refusal.Code, factor = "password" };
        await db.Run(Failing, SecurityEvent.Insert(SecurityEvent.LoginFailure, userId, requester, clock.Now(), metadata), cancel);
    }

    private sealed record Known(User User, string? Hash) : IRow<Known>
    {
        public static Known Read(NpgsqlDataReader row) => new(User.Read(row), row.IsDBNull(10) ? null : row.GetString(10));
    }
}
