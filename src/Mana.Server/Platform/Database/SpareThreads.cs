namespace Mana.Platform.Database;

/// <summary>
/// Threads of the pool for the driver to block while the database is silent: when commands run out of time it opens another connection for
/// each of them, to have it cancelled, and waits for that one synchronously. With no more threads than processors nothing else would happen
/// meanwhile, and whoever was to be refused after five seconds was refused after thirteen. In usual times the pool keeps as few threads as
/// the runtime thinks best, because more of them only take processors from each other.
/// </summary>
internal static class SpareThreads
{
    /// <summary>Longer than one silence blocks them; every further time-out begins it anew.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private static readonly Lock Gate = new();

    private static readonly (int Workers, int Ports) Usual = Least();

    private static readonly Timer Back = new(_ => Set(0), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>To be called when the first has waited in vain, before the driver gives up on its commands.</summary>
    /// <param name="connections">How many may fall silent together.</param>
    public static void Provide(int connections)
    {
        Set(connections);
        Back.Change(Kept, Timeout.InfiniteTimeSpan);
    }

    private static void Set(int more)
    {
        lock (Gate)
        {
            ThreadPool.SetMinThreads(Usual.Workers + more, Usual.Ports);
        }
    }

    private static (int Workers, int Ports) Least()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);

        return (workers, ports);
    }
}
