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

/// <summary>Somebody new, or somebody made up for whoever may not learn that the address is known.</summary>
/// <param name="SignedIn">Null while the mailbox has to be proved first.</param>
public sealed record Registered(User User, SignedIn? SignedIn);

/// <summary>
/// Registers a person: user, credential, opening credits, security event and verification mail are written in one transaction, or nothing
/// is (ruling 3).
/// </summary>
public sealed class RegisterPerson(
    Db db,
    PasswordHashing hashing,
    OpeningGrant grant,
    VerificationMail mail,
    KnownAddressMail known,
    Gate gate,
    SignUpSettings settings,
    EmailSettings emails,
    TimeProvider clock
)
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
                tx => Register(tx, user, hash.Value, registration.CallbackUrl, stay, requester, now),
                cancel
            );
            if (!registered.IsRefused)
            {
                Signals.SignedUp();
            }

            return registered;
        }
        catch (PostgresException taken) when (taken.ConstraintName == "users_email_unique")
        {
            if (!MayHide(stay))
            {
                return Refusals.EmailAlreadyRegistered;
            }

            await known.Tell(user.Email, now, cancel);
            return new Registered(user, null);
        }
    }

    /// <summary>
    /// A way that signs people in at once cannot pretend to; while the mailbox has to be proved first, nobody can tell (wire section 7.2). One
    /// that never signs in hides what is known when it is told to (ruling 13).
    /// </summary>
    private bool MayHide(Stay? stay) => stay is null ? settings.IsHidden : emails.IsVerificationRequired;

    private async Task<Outcome<Registered>> Register(
        Tx tx,
        User user,
        string hash,
        string? callbackUrl,
        Stay? stay,
        Requester requester,
        DateTimeOffset now
    )
    {
        if (settings.DailyMax > 0 && (await SignUpQuota.Take(tx, settings.DailyMax, now)).Check(now) is { } full)
        {
            return full;
        }

        await tx.Run([
            user.Insert(),
            .. PasswordRow.Insert(user.Id, hash, now),
            .. grant.Open(user.Id, now),
            SecurityEvent.Insert(SecurityEvent.Register, user.Id, requester, now),
            .. mail.Ask(user, callbackUrl, now),
        ]);
        if (stay is null || gate.Check(user) is not null)
        {
            return new Registered(user, null);
        }

        var entered = await gate.Enter(tx, user, stay, requester, Device.Unnamed);

        return entered.Then(signedIn => new Registered(user, signedIn));
    }
}
