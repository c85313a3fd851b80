using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Passwords;

/// <summary>Says whether a password is the one of whoever is signed in, and nothing more.</summary>
public sealed class VerifyPassword(Db db, CheckOwnPassword own)
{
    private static readonly Scope Settling = Scope.Service("end the count of wrong passwords");

    public async Task<Outcome<Done>> Run(Caller caller, string password, Requester requester, CancellationToken cancel)
    {
        var verified = await own.Run(caller.UserId, password, "verify_password", requester, cancel);
        if (verified.IsRefused)
        {
            var refusal = verified.Refusal!;
            return refusal.Is(Refusals.InvalidCredentials) || refusal.Is(Refusals.NoPassword) ? Refusals.CurrentPasswordWrong : refusal;
        }

        foreach (var statement in verified.Value.Settle)
        {
            await db.Run(Settling, statement, cancel);
        }

        return Done.Yes;
    }
}
