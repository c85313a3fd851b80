namespace Mana.Platform;

/// <summary>
/// Where the runtime goes on with what has waited for a socket (ADR-0019). Usually one thread hears that sockets are ready and another does
/// the work; where there is no processor to spare for that, handing over costs more than it gives, and the one that hears goes on itself.
/// It must never be blocked then: everything that waits, waits asynchronously, and hashes and mails have threads of their own.
/// </summary>
public static class SocketContinuations
{
    /// <summary>With more, one thread for all sockets could be too few. Measured on two.</summary>
    public const int ProcessorsMax = 2;

    /// <summary>The runtime reads this when the first socket is made, from the environment alone.</summary>
    public const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Call it before the first socket. Whoever runs the service may have chosen otherwise, and either is kept as it is.</summary>
    public static void Choose(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in Choice(Environment.ProcessorCount, environment))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public static IReadOnlyDictionary<string, string> Choice(int processors, IReadOnlyDictionary<string, string> environment) =>
        processors > ProcessorsMax || environment.ContainsKey(Inline) || environment.ContainsKey(Threads)
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal) { [Inline] = "1", [Threads] = "1" };
}
