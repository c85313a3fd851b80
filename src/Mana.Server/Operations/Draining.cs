using System.Runtime.InteropServices;

namespace Mana.Operations;

/// <summary>
/// How the process ends. Told to stop, the framework would close its port at once, and whoever a proxy sends in the next second would be
/// refused. So readiness goes first, the port stays open while proxies look elsewhere, and only then the server stops. A second signal
/// stops at once.
/// </summary>
public sealed class Draining(Uptime uptime, Settings settings, IHostApplicationLifetime lifetime, TimeProvider clock)
    : IHostLifetime,
        IDisposable
{
    /// <summary>Two probes of a proxy that asks every two seconds. With <see cref="App"/>'s limit for running requests it ends within 16 s.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _hurry = new();

    private readonly List<PosixSignalRegistration> _signals = [];

    private int _hasBegun;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Begin));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _hurry.Dispose();
    }

    private void Begin(PosixSignalContext signal)
    {
        signal.Cancel = true;
        uptime.IsStopping = true;
        if (Interlocked.Exchange(ref _hasBegun, 1) == 1)
        {
            _hurry.Cancel();
            return;
        }

        _ = Stop();
    }

    private async Task Stop()
    {
        // Nobody balances the load of a developer's machine.
        if (!settings.IsDevelopment)
        {
            await Task.Delay(Notice, clock, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lifetime.StopApplication();
    }
}
