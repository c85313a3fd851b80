using Mana.Credits;
using Mana.Emails;
using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Security;
using Mana.Sessions;
using Mana.SignIn;
using Mana.Users;
using Npgsql;

namespace Mana.SignUp;

/// <summary>What a person says about themselves when they sign up.</summary>
/// <param name="CallbackUrl">Where the verification link leads in the end; checked.</param>
public sealed record Registration(string Email, string Password, string? Name, string? Image, string? CallbackUrl);

/// <summary>Somebody new.</summary>
/// <param name="SignedIn">Null while the mailbox has to be proved first.</param>
public sealed record Registered(User User, SignedIn? SignedIn);

/// <summary>
/// Registers a person: user, credential, opening credits, security event and verification mail are written in one transaction, or nothing
/// is (ruling 3).
/// </summary>
public sealed class RegisterPerson(Db db, PasswordHashing hashing, OpeningGrant grant, VerificationMail mail, Gate gate, TimeProvider clock)
{
    private static readonly Scope Registering = Scope.Service("register a person");

    /// <param name="stay">How the first session is remembered; null when this way of signing up opens none.</param>
    public async Task<Outcome<Registered>> Run(Registration registration, Stay? stay, Requester requester, CancellationToken cancel)
    {
        var hash = await hashing.Create(registration.Password, registration.Email, cancel);
        if (hash.IsRefused)
        {
            return hash.Refusal!;
        }

        var now = clock.Now();
        var user = User.New(registration.Email, registration.Name, registration.Image, now);
        try
        {
            var registered = await db.Transact<Registered>(
                Registering,
                async tx =>
                {
                    await tx.Run([
                        user.Insert(),
                        .. PasswordRow.Insert(user.Id, hash.Value, now),
                        .. grant.Open(user.Id, now),
                        SecurityEvent.Insert(SecurityEvent.Register, user.Id, requester, now),
                        .. mail.Ask(user, registration.CallbackUrl, now),
                    ]);
                    if (stay is null || gate.Check(user) is not null)
                    {
                        return new Registered(user, null);
                    }

                    var entered = await gate.Enter(tx, user, stay, requester, Device.Unnamed);
                    return entered.Then(signedIn => new Registered(user, signedIn));
                },
                cancel
            );
            Signals.SignedUp();
            return registered;
        }
        catch (PostgresException taken) when (taken.ConstraintName == "users_email_unique")
        {
            return Refusals.EmailAlreadyRegistered;
        }
    }
}
