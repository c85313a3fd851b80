namespace Mana.Platform;

/// <summary>
/// Where the runtime goes on with what has waited for a socket (ADR-0019). Usually one thread hears that sockets are ready and another does
/// the work; where there is no processor to spare for that, handing over costs more than it gives, and the one that hears goes on itself.
/// It must never be blocked then: everything that waits, waits asynchronously, and hashes and mails have threads of their own.
/// </summary>
public static class SocketContinuations
{
    /// <summary>With more, one thread for all sockets could be too few. Measured on two.</summary>
    private const int ProcessorsMax = 2;

    /// <summary>Call it before the first socket: only then the runtime asks, and only the environment.</summary>
    public static void Choose(HttpSettings settings)
    {
        if (AreInline(settings.InlineSockets, Environment.ProcessorCount))
        {
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
        }
    }

    public static bool AreInline(bool? chosen, int processors) => chosen ?? processors <= ProcessorsMax;
}
