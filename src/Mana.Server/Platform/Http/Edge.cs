using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace Mana.Platform.Http;

/// <summary>The outermost layer: request id, security headers, cross-origin answers, and every failure turned into a documented answer.</summary>
public sealed class Edge(TrustedOrigins origins, ServedHosts hosts, TimeProvider clock, RequestDelegate next)
{
    private static readonly SearchValues<char> IdLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
    );

    /// <summary>So that two instances, or one after a restart, do not begin alike.</summary>
    private static readonly uint FirstId = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    private static int _requests;

    public async Task InvokeAsync(HttpContext http)
    {
        var begun = clock.GetTimestamp();
        http.TraceIdentifier = RequestId(http.Request.Headers["X-Request-Id"]);
        WriteHeaders(http);
        try
        {
            await Enter(http);
        }
        catch (Exception cause) when (!http.Response.HasStarted)
        {
            await Answer(http, cause);
        }
        finally
        {
            ServerActivity.Describe(http);
            ServerDuration.Record(http, clock.GetElapsedTime(begun));
        }
    }

    private Task Enter(HttpContext http)
    {
        if (HasAmbiguousLength(http.Request))
        {
            http.Response.Headers.Connection = "close";
            return Dialect.Write(http, Refusals.InvalidJson with { Message = "Ambiguous message length" });
        }

        if (!hosts.Serves(http.Request))
        {
            return Dialect.Write(http, Refusals.UnknownHost);
        }

        return AnswerPreflight(http) ? Task.CompletedTask : next(http);
    }

    private static async Task Answer(HttpContext http, Exception cause)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var refusal = Meaning(cause);
        if (refusal.Status >= StatusCodes.Status500InternalServerError)
        {
            if (refusal.Is(Refusals.Internal))
            {
                RefusalLog.Failed(http, cause);
            }
            else
            {
                RefusalLog.Unreachable(http, cause);
            }
        }

        await Dialect.Write(http, refusal);
    }

    /// <summary>The cause is logged, never sent (B-102). Infrastructure is a 503 and counts against nobody (B-40).</summary>
    private static Refusal Meaning(Exception cause) =>
        cause switch
        {
            Database.OutcomeUnknownException => Refusals.OutcomeUnknown,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refusals.PayloadTooLarge,
            BadHttpRequestException => Refusals.InvalidJson,
            // The last is a number in a caller's own JSON that is longer than any jsonb holds.
            PostgresException
            {
                SqlState: PostgresErrorCodes.UntranslatableCharacter
                    or PostgresErrorCodes.CharacterNotInRepertoire
                    or PostgresErrorCodes.NumericValueOutOfRange
            } => Refusals.Validation,
            // A row for somebody who was erased while they asked for it: whoever they were, they are nobody now.
            PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: { } name }
                when name.EndsWith("_user_id_users_id_fk", StringComparison.Ordinal) => Refusals.InvalidSession,
            PostgresException refused when !IsInfrastructure(refused.SqlState) => Refusals.Internal,
            NpgsqlException or TimeoutException or OperationCanceledException or IOException or System.Net.Sockets.SocketException =>
                Refusals.ServiceUnavailable,
            _ => Refusals.Internal,
        };

    /// <summary>
    /// What a healthy service meets on a sick, busy or locked-up database; everything else PostgreSQL refuses is a fault of ours, and
    /// calling that unavailable would hide it. Classes of appendix A: 08 connection, 28 login, 40 rollback (after its repeats), 53 resources,
    /// 55 locks, 57 operator, 58 system; 25006 is a standby, 3D000 a database that is being restored.
    /// </summary>
    private static bool IsInfrastructure(string sqlState) =>
        sqlState.AsSpan(0, 2) is "08" or "28" or "40" or "53" or "55" or "57" or "58"
        || sqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidCatalogName;

    // Kestrel takes "+1" as a length and CL beside TE once; a proxy may read either differently, so neither passes (INP-07).
    private static bool HasAmbiguousLength(HttpRequest request)
    {
        var length = request.Headers.ContentLength is null ? "" : request.Headers["Content-Length"].ToString();

        return length.Length > 0 && (request.Headers.TransferEncoding.Count > 0 || length.AsSpan().ContainsAnyExceptInRange('0', '9'));
    }

    private bool AnswerPreflight(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !origins.MayRead(origin) || IsForServices(http.Request.Path))
        {
            return false;
        }

        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true";
        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            headers.AccessControlExposeHeaders =
                "Set-Cookie, Retry-After, X-Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, X-Total-Count, "
                + "Idempotency-Hit, set-auth-token, set-auth-jwt";
            return false;
        }

        headers.AccessControlAllowMethods = "GET, POST, PUT, DELETE, PATCH, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type, Authorization, X-Requested-With, X-App-Id, X-Service-Key, X-Request-Id";
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    /// <summary>Other services ask there, and no page of a browser (WEB-04).</summary>
    private static bool IsForServices(PathString path) =>
        path.StartsWithSegments("/api/v1/internal", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);

    private static void WriteHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers["X-Request-Id"] = http.TraceIdentifier;
        headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains; preload";
        headers.ContentSecurityPolicy = ContentPolicy.Of(http.Request.Path);
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
        headers.XXSSProtection = "0";
        headers["Permissions-Policy"] = "geolocation=(), microphone=(), camera=()";
        headers.CacheControl = "no-store";
        headers.Vary = "Origin"; // also where there is none: what a cache keeps for one origin is not for another
    }

    private static string RequestId(StringValues sent) =>
        sent.Count == 1 && sent[0] is { Length: > 0 and <= 64 } given && !given.AsSpan().ContainsAnyExcept(IdLetters) ? given : NewId();

    // Nobody is kept from guessing one: they only have to differ. An odd factor visits every number once before it repeats.
    private static string NewId()
    {
        const uint step = 2_654_435_769;
        var number = (uint)Interlocked.Increment(ref _requests) * step ^ FirstId;

        return string.Create(8, number, static (text, value) => value.TryFormat(text, out _, "x8", CultureInfo.InvariantCulture));
    }
}
