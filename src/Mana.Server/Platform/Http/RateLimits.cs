using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Mana.Platform.Telemetry;

namespace Mana.Platform.Http;

/// <summary>What is counted for a route.</summary>
/// <param name="Rule">Null for a route that is never limited.</param>
/// <param name="Key">Null where the path that was asked for counts, not the route's: the wire knows no parameters (section 6.2).</param>
public sealed record RouteLimit(Limit Limit, LimitRule? Rule, string? Key)
{
    public ulong Hash { get; } = RateLimits.Hash(Key ?? "");
}

/// <summary>
/// How often one client may call one path (ruling 20). Counted before anything else is done for a request, whatever becomes of it. Limits
/// before secrets are counted in the database; the others in memory, so an instance is asked for its own share only.
/// </summary>
public sealed class RateLimits(HttpSettings settings, StoredLimits stored, ServiceKey service, TimeProvider clock)
{
    /// <summary>More clients than this and those that have been silent longest begin anew; limits before secrets do not.</summary>
    private const int BucketsMax = 100_000;

    private const string NoRoute = "*";

    private readonly Kept<Digest, LimitBucket> _buckets = new(BucketsMax);

    private readonly LimitRule _general = LimitRules.Of(Limit.General, settings)!;

    private readonly LimitRule _app = LimitRules.OfApp(settings);

    private readonly LimitRule _user = LimitRules.OfUser(settings);

    private readonly ConcurrentDictionary<string, LimitRule> _wirePaths = new(StringComparer.Ordinal);

    /// <summary>What is counted for a route; found out once.</summary>
    public RouteLimit Of(string method, string path, Limit limit)
    {
        if (Surfaces.Of(path) == Surface.BetterAuth && limit is not (Limit.Wire or Limit.None))
        {
            throw new InvalidOperationException(
                $"{method} {path}: on the wire the path decides, so its line says Limit.Wire, not Limit.{limit}."
            );
        }

        if (limit != Limit.Wire)
        {
            return new RouteLimit(limit, LimitRules.Of(limit, settings), $"{method} {path}");
        }

        var rule = LimitRules.OfWire(path);
        if (path.Contains('{', StringComparison.Ordinal))
        {
            return new RouteLimit(limit, rule, null);
        }

        _wirePaths[path] = rule;
        return new RouteLimit(limit, rule, path);
    }

    /// <returns>Null when the request may pass.</returns>
    public ValueTask<Refusal?> Take(HttpContext http, RouteLimit route, IPAddress? address)
    {
        if (!settings.RateLimits || route.Rule is not { } rule)
        {
            return ValueTask.FromResult<Refusal?>(null);
        }

        if (http.Request.Headers.ContainsKey(ServiceKey.Header) && service.IsPresented(http.Request))
        {
            return ValueTask.FromResult(TakeApp(http, route));
        }

        return route.Key is { } key
            ? Take(http, rule, LimitOwner.Of(address), key, route.Hash)
            : Take(http, rule, LimitOwner.Of(address), WirePath(http), Hash(WirePath(http)));
    }

    /// <summary>
    /// A request no route answers. On the wire each path counts for itself, a slash behind the path of a route for that route (section 6.2);
    /// elsewhere they count together. Paths somebody thinks up are counted in memory alone, whatever they begin with.
    /// </summary>
    public ValueTask<Refusal?> TakeUnmatched(HttpContext http, IPAddress? address)
    {
        if (!settings.RateLimits)
        {
            return ValueTask.FromResult<Refusal?>(null);
        }

        if (Surfaces.Of(http.Request.Path) != Surface.BetterAuth)
        {
            return Take(http, _general, LimitOwner.Of(address), NoRoute, Hash(NoRoute));
        }

        var path = WirePath(http);
        var rule = _wirePaths.GetValueOrDefault(path) ?? LimitRules.OfWire(path) with { IsStored = false };

        return Take(http, rule, LimitOwner.Of(address), path, Hash(path));
    }

    /// <summary>Counted beside the address, because one person may come from many.</summary>
    public Refusal? TakeUser(HttpContext http, UserId userId) =>
        settings.RateLimits ? TakeCounted(http, _user, Key(LimitOwner.Of(userId.Value), 0)) : null;

    /// <summary>Another service asks on behalf of many, from wherever it runs: it is counted by its name, and may validate as it likes.</summary>
    private Refusal? TakeApp(HttpContext http, RouteLimit route) =>
        route.Limit == Limit.Validation ? null : TakeCounted(http, _app, Key(LimitOwner.Of(Call.Of(http).Requester.AppId), route.Hash));

    private ValueTask<Refusal?> Take(HttpContext http, LimitRule rule, LimitOwner owner, string path, ulong hash) =>
        rule.IsStored ? TakeStored(http, rule, owner, path, hash) : ValueTask.FromResult(TakeCounted(http, rule, Key(owner, hash)));

    private Refusal? TakeCounted(HttpContext http, LimitRule rule, Digest key)
    {
        var bucket = _buckets.GetOrAdd(key, static () => new LimitBucket());

        return Say(http, rule, bucket.Take(clock.GetUtcNow(), rule));
    }

    private async ValueTask<Refusal?> TakeStored(HttpContext http, LimitRule rule, LimitOwner owner, string path, ulong hash)
    {
        var bucket = _buckets.GetOrAdd(Key(owner, hash), static () => new LimitBucket());
        if (bucket.Known(clock.GetUtcNow(), rule) is { } known)
        {
            return Say(http, rule, known); // a flood that is refused already costs the database nothing
        }

        var now = clock.Now();
        var window = await stored.Take($"{owner}|{path}", rule, now, http.RequestAborted);
        bucket.Learn(window.Since, window.Count);

        return Say(http, rule, new Taken(window.IsAllowed, rule.Max - window.Count, window.Since + rule.Window - now));
    }

    private static Refusal? Say(HttpContext http, LimitRule rule, Taken taken)
    {
        if (!rule.RestartsAtLast)
        {
            var headers = http.Response.Headers;
            headers["X-RateLimit-Limit"] = Text(rule.Max);
            headers["X-RateLimit-Remaining"] = Text(taken.Left);
            headers["X-RateLimit-Reset"] = Text((int)Math.Ceiling(taken.Wait.TotalSeconds));
        }

        if (taken.IsAllowed)
        {
            return null;
        }

        Signals.RateLimited(rule.Name);
        return Refusals.RateLimited with { RetryAfter = taken.Wait };
    }

    // A slash at the end leads nowhere, but counts for the path without it.
    private static string WirePath(HttpContext http) => http.Request.Path.Value!.TrimEnd('/');

    private static Digest Key(LimitOwner owner, ulong path) => new(owner.A, owner.B, path, owner.C);

    internal static ulong Hash(string path)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(path), hash);

        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
