using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Sessions;

/// <summary>A sign-in on one device, revocable.</summary>
/// <param name="Lifetime">How far each renewal reaches; seven days unless somebody asked otherwise.</param>
/// <param name="IsRemembered">False for a session that ends with the browser and is never renewed.</param>
public sealed record Session(
    SessionId Id,
    UserId UserId,
    DateTimeOffset ExpiresAt,
    TimeSpan Lifetime,
    bool IsRemembered,
    string IpAddress,
    string UserAgent,
    string? DeviceId,
    string? DeviceName,
    string? ActiveOrganizationId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
) : IRow<Session>
{
    /// <summary>How many columns <see cref="Read(NpgsqlDataReader)"/> takes, for statements that join.</summary>
    public const int Columns = 12;

    public static Session Read(NpgsqlDataReader row) =>
        new(
            new SessionId(row.GetString(0)),
            new UserId(row.GetString(1)),
            row.GetFieldValue<DateTimeOffset>(2),
            TimeSpan.FromSeconds(row.GetInt32(3)),
            row.GetBoolean(4),
            row.GetString(5),
            row.GetString(6),
            row.IsDBNull(7) ? null : row.GetString(7),
            row.IsDBNull(8) ? null : row.GetString(8),
            row.IsDBNull(9) ? null : row.GetString(9),
            row.GetFieldValue<DateTimeOffset>(10),
            row.GetFieldValue<DateTimeOffset>(11)
        );

    /// <summary>
    /// When it ends if it is used now: its lifetime on, and never past the absolute limit of a sign-in (REF-05, SES-06). A session that was to
    /// end with the browser stays as it is.
    /// </summary>
    public DateTimeOffset ExtendedTo(DateTimeOffset now, SessionSettings settings) =>
        IsRemembered ? Earlier(now + Lifetime, CreatedAt + settings.AbsoluteLifetime) : ExpiresAt;

    /// <summary>The same session under today's absolute limit, which may have been lowered since it was last extended.</summary>
    public Session Within(SessionSettings settings)
    {
        var last = CreatedAt + settings.AbsoluteLifetime;

        return ExpiresAt <= last ? this : this with { ExpiresAt = last };
    }

    /// <summary>True once the update age has passed since the last renewal (wire section 4.2), while there is something to gain.</summary>
    public bool IsDueForRenewal(DateTimeOffset now, SessionSettings settings) =>
        ExpiresAt - Lifetime + settings.UpdateAge <= now && ExpiresAt < ExtendedTo(now, settings);

    /// <summary>Opened so lately that its person need not prove again who they are; renewal does not help (wire section 4.5).</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan freshAge) => freshAge == TimeSpan.Zero || now - CreatedAt < freshAge;

    /// <summary>Max-Age of the cookie: the full lifetime whenever it is issued, none for a session of the browser (wire section 2.5).</summary>
    public TimeSpan? CookieLifetime => IsRemembered ? Lifetime : null;

    public static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    public BetterAuthSession ToBetterAuth(string presentedToken) =>
        new(
            ExpiresAt,
            presentedToken,
            CreatedAt,
            UpdatedAt,
            IpAddress,
            UserAgent,
            UserId.Value,
            ActiveOrganizationId,
            ImpersonatedBy: null,
            Id.Value
        );
}

/// <summary>A session that was just made, with the secrets that are shown once.</summary>
public sealed record OpenedSession(Session Session, string Token, string RefreshToken)
{
    /// <summary>Secrets of the same person's sessions that its browser held.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    public IssuedSession Issued => new(Token, Session.CookieLifetime, Replaced);
}

/// <summary>What a device says about itself when it signs in.</summary>
public sealed record Device(string? Id, string? Name)
{
    public static readonly Device Unnamed = new(null, null);
}

/// <summary>How a person wants to be remembered by this device.</summary>
/// <param name="IsRemembered">False ends the session with the browser.</param>
public sealed record Stay(TimeSpan Lifetime, bool IsRemembered);
