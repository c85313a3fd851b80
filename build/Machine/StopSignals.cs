using System.Runtime.InteropServices;

namespace Mana.Build.Machine;

/// <summary>Ctrl-C and its relatives as a token, so that what was started is stopped in order. The second signal ends at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations;

    public StopSignals()
    {
        if (!OperatingSystem.IsWindows())
        {
            Libc.HearInterrupt();
        }
        registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(Listen)];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private PosixSignalRegistration Listen(PosixSignal signal) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = !source.IsCancellationRequested;
                source.Cancel();
            }
        );
}
