using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Users;

/// <summary>A person known to the service.</summary>
public sealed record User(
    UserId Id,
    string Name,
    string Email,
    bool IsEmailVerified,
    string? Image,
    string Role,
    bool HasTwoFactor,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? DeletedAt
) : IRow<User>
{
    /// <summary>Longest name we keep, in UTF-16 units.</summary>
    public const int NameLengthMax = 255;

    /// <summary>How many columns <see cref="Read(NpgsqlDataReader)"/> takes, for statements that join.</summary>
    public const int Columns = 10;

    /// <summary>
    /// What a letter may call them: nobody before the mailbox is proved. Whoever signs up could otherwise write a message of their own to a
    /// stranger, in the place of a name.
    /// </summary>
    public string? GreetedName => IsEmailVerified ? Name : null;

    public static User Read(NpgsqlDataReader row) => Read(row, 0);

    /// <summary>Reads the ten columns of a person that begin at <paramref name="first"/>, for statements that join.</summary>
    public static User Read(NpgsqlDataReader row, int first)
    {
        Invariant.Holds(row.FieldCount >= first + Columns);

        return new User(
            new UserId(row.GetString(first)),
            row.GetString(first + 1),
            row.GetString(first + 2),
            row.GetBoolean(first + 3),
            row.IsDBNull(first + 4) ? null : row.GetString(first + 4),
            row.GetString(first + 5),
            row.GetBoolean(first + 6),
            row.GetFieldValue<DateTimeOffset>(first + 7),
            row.GetFieldValue<DateTimeOffset>(first + 8),
            row.IsDBNull(first + 9) ? null : row.GetFieldValue<DateTimeOffset>(first + 9)
        );
    }

    /// <summary>A new person; the name falls back to the local part of the address (contract 1.1.1).</summary>
    public static User New(string email, string? name, string? image, DateTimeOffset now) =>
        new(
            UserId.New(),
            name ?? email[..email.IndexOf('@', StringComparison.Ordinal)],
            email,
            IsEmailVerified: false,
            image,
            Role: "user",
            HasTwoFactor: false,
            now,
            now,
            DeletedAt: null
        );

    public static Sql ByEmail(string email) =>
        $"""
            select id, name, email, email_verified, image, role::text, two_factor_enabled, created_at, updated_at, deleted_at
            from auth.users
            where email = {email}
            """;

    public static Sql ById(UserId id) =>
        $"""
            select id, name, email, email_verified, image, role::text, two_factor_enabled, created_at, updated_at, deleted_at
            from auth.users
            where id = {id}
            """;

    /// <summary>The row of this person. Their address is decided by the constraint <c>users_email_unique</c>, not by looking first.</summary>
    public Sql Insert() =>
        $"""
            insert into auth.users (id, name, email, email_verified, image, created_at, updated_at)
            values ({Id}, {Name}, {Email}, {IsEmailVerified}, {Image}, {CreatedAt}, {UpdatedAt})
            """;

    /// <summary>Whoever is banned has no session and cannot sign in, so that no answer shows anybody as banned.</summary>
    public BetterAuthUser ToBetterAuth() =>
        new(
            Name,
            Email,
            IsEmailVerified,
            Image,
            CreatedAt,
            UpdatedAt,
            HasTwoFactor,
            Role,
            Banned: false,
            BanReason: null,
            BanExpires: null,
            Id.Value
        );

    public ManaUser ToMana() => new(Id.Value, Email, Name, Role, IsEmailVerified, Image, CreatedAt, UpdatedAt);
}
