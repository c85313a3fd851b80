using System.Collections.Concurrent;

namespace Mana.Platform.Http;

/// <summary>
/// How often one address may call one path, counted in memory (ruling 20). On <c>/api/auth</c> by the wire's rule, where the window
/// restarts at the last allowed request (wire section 6); on our own surface by fixed windows ("Set B" of contract 3.10).
/// </summary>
public sealed class RateLimits(HttpSettings settings, TimeProvider clock)
{
    /// <summary>More addresses than this and the oldest windows are dropped; an attacker with that many addresses is beyond this limiter.</summary>
    private const int BucketsMax = 100_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <returns>Null when the request may pass.</returns>
    public Refusal? Take(HttpContext http, Limit limit, string address)
    {
        if (!settings.RateLimits || limit == Limit.None)
        {
            return null;
        }

        var isWire = Surfaces.Of(http.Request.Path) == Surface.BetterAuth;
        var (max, seconds) = isWire ? WireRule(limit) : Rule(limit);
        var key = $"{ClientAddress.LimitKey(address)}|{http.Request.Path.Value!.TrimEnd('/')}";
        var bucket = _buckets.GetOrAdd(key, _ => new Bucket());
        if (_buckets.Count > BucketsMax)
        {
            Sweep();
        }

        var wait = bucket.Take(clock.GetUtcNow(), max, TimeSpan.FromSeconds(seconds), restartsAtLast: isWire);

        return wait is null ? null : Refusals.RateLimited with { RetryAfter = wait };
    }

    private (int Max, int Seconds) Rule(Limit limit) =>
        limit switch
        {
            Limit.SignIn => (10, 60),
            Limit.SignUp => (5, 60),
            Limit.Mail or Limit.Deletion => (3, 60),
            Limit.NewPassword => (5, 60),
            Limit.Validation => (settings.RateLimitMax * 10, settings.RateLimitSeconds),
            _ => (settings.RateLimitMax, settings.RateLimitSeconds),
        };

    private static (int Max, int Seconds) WireRule(Limit limit) =>
        limit switch
        {
            Limit.SignIn or Limit.SignUp => (3, 10),
            Limit.Mail => (3, 60),
            _ => (100, 10),
        };

    private void Sweep()
    {
        var old = clock.GetUtcNow() - TimeSpan.FromHours(1);
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.LastAllowed < old || _buckets.Count > BucketsMax)
            {
                _buckets.TryRemove(key, out _);
            }
        }
    }

    private sealed class Bucket
    {
        private readonly Lock _lock = new();

        private DateTimeOffset _start;

        private int _count;

        public DateTimeOffset LastAllowed { get; private set; }

        public TimeSpan? Take(DateTimeOffset now, int max, TimeSpan window, bool restartsAtLast)
        {
            lock (_lock)
            {
                var since = restartsAtLast ? LastAllowed : _start;
                if (_count == 0 || now - since >= window)
                {
                    (_start, _count, LastAllowed) = (now, 1, now);
                    return null;
                }

                if (_count >= max)
                {
                    return since + window - now;
                }

                _count++;
                LastAllowed = now;
                return null;
            }
        }
    }
}
