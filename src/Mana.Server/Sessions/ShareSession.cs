using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;

namespace Mana.Sessions;

/// <summary>
/// Gives a web app that shares a sign-in by its cookie a refresh token of a line of its own (ADR-0014). An app is known by the origin of
/// its pages, as its storage is. The session stays one: its id is in every access token, and its end ends every line.
/// </summary>
public sealed class ShareSession(Db db, SessionSecrets secrets, RotateLine rotate, SessionSettings settings, TimeProvider clock)
{
    /// <summary>The app unused for longest makes room; it asks again with its cookie.</summary>
    private const int ClientsMax = 20;

    private const int OriginLengthMax = 255;

    private static readonly Scope Sharing = Scope.Service("share a session with a web app");

    /// <summary>The current refresh token of the app, which stays as it is: asking again answers the same.</summary>
    public Task<Outcome<RefreshedSession>> Exchange(string token, WebApp app, Requester requester, CancellationToken cancel) =>
        Run(
            token,
            app,
            requester,
            async (tx, family, line, now) =>
            {
                await tx.Run(
                    SecurityEvent.Insert(SecurityEvent.SsoTokenExchange, family.User.Id, requester, now, new { origin = app.Origin })
                );
                return rotate.Current(family, line);
            },
            cancel
        );

    /// <summary>Rotates the app's refresh token without having been shown it; inside the window the same client gets the same again.</summary>
    public Task<Outcome<RefreshedSession>> Refresh(string token, WebApp app, Requester requester, CancellationToken cancel) =>
        Run(
            token,
            app,
            requester,
            async (tx, family, line, now) =>
                line.WasJustRotatedBy(requester.UserAgent, app.DeviceId, now, settings.ReuseWindow)
                    ? rotate.Current(family, line)
                    : await rotate.Run(tx, family, line, requester, app.DeviceId, now),
            cancel
        );

    private async Task<Outcome<RefreshedSession>> Run(
        string token,
        WebApp app,
        Requester requester,
        Func<Tx, RefreshFamily, RefreshLine, DateTimeOffset, Task<RefreshedSession>> answer,
        CancellationToken cancel
    )
    {
        if (token.Length > SessionSecrets.TokenLengthMax || app.Origin.Length > OriginLengthMax)
        {
            return Refusals.NoValidSession;
        }

        var now = clock.Now();

        return await db.Transact<RefreshedSession>(
            Sharing,
            async tx =>
            {
                var id = await tx.Value<string>($"select id from auth.sessions where token_hash = any ({secrets.Hashes(token)})");
                if (id is null)
                {
                    return Refusals.NoValidSession;
                }

                var (families, lines) = await tx.All<RefreshFamily, RefreshLine>(
                    RefreshFamily.Locked(new SessionId(id)),
                    RefreshLine.OfOrigin(new SessionId(id), app.Origin)
                );
                if (families is not [var family] || family.RefusalAt(now, settings) is not null)
                {
                    return Refusals.NoValidSession;
                }

                return await answer(tx, family, lines.SingleOrDefault() ?? await Open(tx, family.Session, app, requester, now), now);
            },
            cancel
        );
    }

    private static async Task<RefreshLine> Open(Tx tx, Session session, WebApp app, Requester requester, DateTimeOffset now)
    {
        // Ids are never used again: a token of an app that made room names nobody, and is no replay.
        var line = new RefreshLine(Ids.Text(), 0, null, requester.UserAgent, app.DeviceId);
        await tx.Run(
            $"""
            delete from auth.session_clients
            where session_id = {session.Id} and id in (
                select id from auth.session_clients where session_id = {session.Id} order by used_at desc, id offset {ClientsMax - 1})
            """,
            $"""
            insert into auth.session_clients (session_id, id, user_id, origin, user_agent, device_id, used_at, created_at)
            values ({session.Id}, {line.ClientId}, {session.UserId}, {app.Origin}, {line.UserAgent}, {line.DeviceId}, {now}, {now})
            """
        );

        return line;
    }
}

/// <summary>A web app as its requests show it.</summary>
/// <param name="Origin">Of its pages; empty for a program that is no browser.</param>
public sealed record WebApp(string Origin, string? DeviceId);
