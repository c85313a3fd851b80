namespace Mana.Platform.Http;

/// <summary>What was left of a limit after a request.</summary>
/// <param name="Wait">Until the window ends; for a request that was refused, until one is let through again.</param>
public readonly record struct Taken(bool IsAllowed, int Left, TimeSpan Wait);

/// <summary>The requests of one owner on one path.</summary>
public sealed class LimitBucket
{
    private readonly Lock _lock = new();

    private DateTimeOffset _since;

    private int _count;

    public Taken Take(DateTimeOffset now, LimitRule rule)
    {
        lock (_lock)
        {
            if (_count == 0 || now - _since >= rule.Window)
            {
                (_since, _count) = (now, 1);
            }
            else if (_count >= rule.Max)
            {
                return Refused(now, rule);
            }
            else
            {
                _count++;
                _since = rule.RestartsAtLast ? now : _since;
            }

            return new Taken(true, rule.Max - _count, _since + rule.Window - now);
        }
    }

    /// <summary>What the database has said: it is not asked again before its window is over.</summary>
    public void Learn(DateTimeOffset since, int count)
    {
        lock (_lock)
        {
            (_since, _count) = (since, count);
        }
    }

    /// <returns>The refusal that is known to stand, or null when the database has to be asked.</returns>
    public Taken? Known(DateTimeOffset now, LimitRule rule)
    {
        lock (_lock)
        {
            return _count >= rule.Max && now - _since < rule.Window ? Refused(now, rule) : null;
        }
    }

    private Taken Refused(DateTimeOffset now, LimitRule rule) => new(false, 0, _since + rule.Window - now);
}
