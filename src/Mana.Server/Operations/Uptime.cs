using Mana.Platform;

namespace Mana.Operations;

/// <summary>When this process began, and whether it is on its way out.</summary>
public sealed class Uptime(TimeProvider clock)
{
    private readonly DateTimeOffset _startedAt = clock.Now();

    private volatile bool _isStopping;

    /// <summary>Set first when the process is told to stop, so that a proxy looks elsewhere before the listener closes.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    public long Seconds(TimeProvider clock) => (long)(clock.Now() - _startedAt).TotalSeconds;
}
