using Mana.Platform;
using Mana.Platform.Database;
using Mana.Tokens;
using Mana.Users;
using Npgsql;

namespace Mana.Sessions;

/// <summary>A live session and its person.</summary>
public sealed record LiveSession(Session Session, User User) : IRow<LiveSession>
{
    private static readonly SharedTexts Shared = new();

    /// <summary>Many are kept, so that what is the same in many of them, or twice in one, is one text.</summary>
    public static LiveSession Read(NpgsqlDataReader row)
    {
        var (session, user) = (Session.Read(row), User.Read(row, Session.Columns));
        var (address, agent) = (Shared.Of(session.IpAddress), Shared.Of(session.UserAgent));

        return new LiveSession(
            session with
            {
                UserId = user.Id,
                IpAddress = address,
                UserAgent = agent,
            },
            user with
            {
                Role = Shared.Of(user.Role),
            }
        );
    }
}

/// <summary>What an access token says about a session and its person, as it is now.</summary>
public sealed record SessionStanding(string SessionId, string UserId, string Email, string Role, DateTimeOffset ExpiresAt)
    : IRow<SessionStanding>
{
    public static SessionStanding Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4));
}

/// <summary>
/// What the database knows about sessions that are asked for, by the hash of their secret or by their id. Whoever asks meanwhile is
/// answered by the next statement, so that a cold cache, or a feed that nobody may trust, costs the database a few statements and not one
/// for every request.
/// </summary>
public sealed class LiveSessions : BackgroundService
{
    private static readonly Scope Finding = Scope.Service("find sessions by their secrets");

    private static readonly Scope Checking = Scope.Service("check that the sessions of tokens live");

    private readonly Db _db;

    private readonly SigningKeys _keys;

    private readonly GroupRead<Digest, LiveSession> _byHash;

    private readonly GroupRead<string, SessionStanding> _byId;

    public LiveSessions(Db db, SigningKeys keys, SessionSettings settings)
    {
        (_db, _keys) = (db, keys);
        _byHash = new GroupRead<Digest, LiveSession>(settings.QueueMax, FindByHash);
        _byId = new GroupRead<string, SessionStanding>(settings.QueueMax, FindById);
    }

    /// <returns>Null when no session that was not revoked, of a person who may be here, has this hash; expiry is for the caller to check.</returns>
    public ValueTask<Outcome<LiveSession?>> ByHash(Digest hash) => _byHash.Find(hash);

    /// <summary>The same by id. The signing keys are read again on the way: who cannot trust the feed cannot trust them either.</summary>
    public ValueTask<Outcome<SessionStanding?>> ById(SessionId id) => _byId.Find(id.Value);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_byHash.Run(stoppingToken), _byId.Run(stoppingToken));

    // The inner query is fenced off, so that no plan but one index look-up for each hash is possible: what the planner believes about a list
    // it has not seen would otherwise decide between that and reading every session there is.
    private async Task<IReadOnlyDictionary<Digest, LiveSession>> FindByHash(Digest[] hashes, CancellationToken cancel)
    {
        byte[]?[] asked = [.. hashes.Select(hash => hash.ToBytes())];
        var rows = await _db.All<Placed>(
            Finding,
            $"""
            select found.session_id, found.user_id, found.expires_at, found.lifetime_seconds, found.remember_me, found.ip_address,
                found.user_agent, found.device_id, found.device_name, found.active_organization_id, found.session_created_at,
                found.session_updated_at, found.id, found.name, found.email, found.email_verified, found.image, found.role::text,
                found.two_factor_enabled, found.created_at, found.updated_at, found.deleted_at, asked.place
            from unnest({asked}) with ordinality as asked (hash, place)
            cross join lateral (
                select s.id as session_id, s.user_id, s.expires_at, s.lifetime_seconds, s.remember_me, s.ip_address, s.user_agent,
                    s.device_id, s.device_name, s.active_organization_id, s.created_at as session_created_at,
                    s.updated_at as session_updated_at, u.id, u.name, u.email, u.email_verified, u.image, u.role, u.two_factor_enabled,
                    u.created_at, u.updated_at, u.deleted_at
                from auth.sessions s
                join auth.users u on u.id = s.user_id
                where s.token_hash = asked.hash and s.revoked_at is null and u.deleted_at is null and u.banned_at is null
                offset 0) found
            """,
            cancel
        );

        return rows.ToDictionary(row => hashes[row.Place - 1], row => row.Live);
    }

    private async Task<IReadOnlyDictionary<string, SessionStanding>> FindById(string[] ids, CancellationToken cancel)
    {
        await _keys.Load(cancel);
        var rows = await _db.All<SessionStanding>(
            Checking,
            $"""
            select found.id, found.user_id, found.email, found.role::text, found.expires_at
            from unnest({ids}) as asked (id)
            cross join lateral (
                select s.id, s.user_id, u.email, u.role, s.expires_at
                from auth.sessions s
                join auth.users u on u.id = s.user_id
                where s.id = asked.id and s.revoked_at is null and u.deleted_at is null and u.banned_at is null
                offset 0) found
            """,
            cancel
        );

        return rows.ToDictionary(row => row.SessionId, StringComparer.Ordinal);
    }

    private sealed record Placed(LiveSession Live, int Place) : IRow<Placed>
    {
        public static Placed Read(NpgsqlDataReader row) => new(LiveSession.Read(row), (int)row.GetInt64(Session.Columns + User.Columns));
    }
}
