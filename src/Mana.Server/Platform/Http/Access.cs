namespace Mana.Platform.Http;

/// <summary>Who may call a route. Stands on its line in <c>Routes.cs</c>; a route without one does not start.</summary>
public enum Access
{
    /// <summary>Everybody, without proof.</summary>
    Anyone,

    /// <summary>A valid access token of a live session in <c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary>A live session: its signed cookie, or its token as bearer (wire section 4.7).</summary>
    Session,

    /// <summary>The same, opened within <c>SESSION_FRESH_AGE</c> (wire section 4.5).</summary>
    FreshSession,

    /// <summary>An access token, else a session cookie.</summary>
    BearerOrSession,

    /// <summary>Another service of ours, by <c>X-Service-Key</c> (contract 0.3).</summary>
    Service,
}

/// <summary>How often a route may be called by one address; the numbers stand in <see cref="LimitRules"/>.</summary>
public enum Limit
{
    /// <summary>Health, keys and metrics: never limited.</summary>
    None,

    /// <summary>The general limit of our own surface.</summary>
    General,

    /// <summary>On the wire the path decides, not the line (wire section 6.1).</summary>
    Wire,

    /// <summary>Ten times the general limit: other services ask on behalf of many people.</summary>
    Validation,

    SignIn,

    SignUp,

    /// <summary>Routes that send mail.</summary>
    Mail,

    /// <summary>Routes that set a password: change and reset.</summary>
    NewPassword,

    /// <summary>Closing or erasing an account.</summary>
    Deletion,

    /// <summary>Routes that take the code of a gift.</summary>
    GiftCode,
}

/// <summary>Who is signed in.</summary>
public sealed record Caller(UserId UserId, SessionId SessionId, string Email, string Role) : ICallPart<Caller>
{
    /// <summary>The session was opened within <c>SESSION_FRESH_AGE</c>. An access token does not say when, so behind one it is false.</summary>
    public bool IsFresh { get; init; }

    /// <summary>When the session is over if nobody uses it again. Known behind its secret only.</summary>
    public DateTimeOffset SessionEndsAt { get; init; }

    public static Caller From(Call call) => call.Caller ?? throw new BrokenInvariantException("the route requires a caller");
}

/// <summary>Who is on the wire: address by D7, agent, calling app.</summary>
public sealed record Requester(string Address, string UserAgent, string AppId) : ICallPart<Requester>
{
    /// <summary>Who else is signed in in the same browser.</summary>
    public BrowserSessions Browser { get; init; } = BrowserSessions.None;

    public static Requester From(Call call) => call.Requester;
}

/// <summary>The session secret a request presents, not yet looked at: from a validly signed cookie or as a bearer.</summary>
/// <param name="Token">Null when there is none, or its signature is wrong.</param>
/// <param name="IsFromCookie">A dead session found this way has its cookies cleared (wire section 2.5).</param>
/// <param name="Disowned">A cookie came along and does not count, because nothing shows that the person's own page sent it.</param>
/// <param name="IsUnremembered">The signed <c>dont_remember</c> cookie came along (wire section 2.6).</param>
public sealed record PresentedSession(string? Token, bool IsFromCookie, bool IsUnremembered, Refusal? Disowned = null)
    : ICallPart<PresentedSession>
{
    /// <summary>A cookie by the session's name came along, whatever it is worth.</summary>
    public bool HoldsCookie { get; init; }

    /// <summary>Two validly signed values that differ came along, which is no session (ruling 32).</summary>
    public bool IsContradictory { get; init; }

    public static PresentedSession From(Call call) => call.Session;

    /// <summary>
    /// A session is extended wherever it is used, unless the browser asked not to be remembered or the query says so: any value counts, as
    /// the wire takes it (sections 4.2 and 4.3).
    /// </summary>
    public bool MayRenew(HttpRequest request) => !IsUnremembered && request.Query["disableRefresh"].ToString().Length == 0;
}

/// <summary>Finds out who is calling. Implemented by the slices that own sessions and tokens.</summary>
public interface ICallers
{
    /// <summary>Checks signature, times and that the session lives.</summary>
    ValueTask<Outcome<Caller>> ByAccessToken(string token, CancellationToken cancel);

    /// <param name="mayRenew">False when the request asked to leave the session as it is.</param>
    ValueTask<Outcome<SessionCaller>> BySession(string token, bool mayRenew, CancellationToken cancel);
}

/// <summary>Who a session's secret stands for.</summary>
/// <param name="IsRenewed">The look extended the session, so that its cookie is sent again.</param>
/// <param name="CookieLifetime">Null for a session that ends with the browser.</param>
public sealed record SessionCaller(Caller Caller, bool IsRenewed, TimeSpan? CookieLifetime);
