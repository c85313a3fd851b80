using Mana.Platform;
using Mana.Platform.Database;
using Mana.Users;
using Npgsql;

namespace Mana.Security;

/// <summary>What a verification allows. One brought for another purpose is unknown.</summary>
public readonly record struct VerificationPurpose(string Value) : IWrapped
{
    public static readonly VerificationPurpose EmailVerification = new("email_verification");

    public static readonly VerificationPurpose PasswordReset = new("password_reset");

    /// <summary>Sent to an address that is not the person's yet; every other one goes to the address they have.</summary>
    public static readonly VerificationPurpose EmailChange = new("email_change");

    public static readonly VerificationPurpose AccountDeletion = new("account_deletion");
}

/// <summary>A single-use secret that is to be mailed.</summary>
/// <param name="Mailbox">Where it goes. Whoever brings it back reads mail there.</param>
/// <param name="JobKind">The runner that writes the letter; it finds the secret by <see cref="Verifications.SecretOf"/>.</param>
/// <param name="Mail">What the letter needs beside the secret; stored as JSON in the job, so no secrets.</param>
public sealed record NewVerification(
    VerificationPurpose Purpose,
    UserId UserId,
    string Mailbox,
    TimeSpan Lifetime,
    string JobKind,
    object Mail
)
{
    /// <summary>What the one who uses it finds again; stored as JSON.</summary>
    public object? Payload { get; init; }
}

/// <summary>A verification as it is stored, and its person as they are now.</summary>
/// <param name="Mailbox">The address it was sent to.</param>
/// <param name="Payload">JSON, or null when none was given.</param>
public sealed record Verification(User User, string Mailbox, string? Payload, DateTimeOffset ExpiresAt, bool IsUsed) : IRow<Verification>
{
    public static Verification Read(NpgsqlDataReader row) =>
        new(
            User.Read(row),
            row.GetString(User.Columns),
            row.IsDBNull(User.Columns + 1) ? null : row.GetString(User.Columns + 1),
            row.GetFieldValue<DateTimeOffset>(User.Columns + 2),
            row.GetBoolean(User.Columns + 3)
        );

    /// <summary>Null while it can still be used. A used one is <see cref="Refusals.LinkInvalid"/>, one whose time is over, or that a newer mail superseded, is <see cref="Refusals.LinkExpired"/>.</summary>
    public Refusal? Check(DateTimeOffset now) =>
        IsUsed ? Refusals.LinkInvalid
        : ExpiresAt <= now ? Refusals.LinkExpired
        : null;
}
