namespace Mana.Platform.Http;

/// <summary>What the edge logs. Never a body, a token or an address: a code and a path pattern are enough to find the rest.</summary>
internal static partial class RefusalLog
{
    public static void Refused(HttpContext http, Refusal refusal)
    {
        // A refusal is information at most and happens all the time; only what somebody may have to act on is written.
        if (refusal.LogLevel >= LogLevel.Warning)
        {
            var route = Route(http);
            Write(Logger(http), refusal.LogLevel, refusal.Code, route);
        }
    }

    public static void Failed(HttpContext http, Exception cause)
    {
        var route = Route(http);
        Fail(Logger(http), cause, route);
    }

    public static void Unreachable(HttpContext http, Exception cause)
    {
        var (kind, sqlState, route) = (cause.GetType().Name, (cause as Npgsql.PostgresException)?.SqlState ?? "none", Route(http));
        Lost(Logger(http), kind, sqlState, route);
    }

    private static ILogger Logger(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Mana.Http");

    private static string Route(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";

    [LoggerMessage(EventId = 100, Message = "Refused with {Code} at {Route}")]
    private static partial void Write(ILogger logger, LogLevel level, string code, string route);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "A request failed unexpectedly at {Route}")]
    private static partial void Fail(ILogger logger, Exception cause, string route);

    [LoggerMessage(
        EventId = 102,
        Level = LogLevel.Error,
        Message = "The database or another part of the infrastructure did not answer at {Route}: {Kind}, SQLSTATE {SqlState}"
    )]
    private static partial void Lost(ILogger logger, string kind, string sqlState, string route);
}
