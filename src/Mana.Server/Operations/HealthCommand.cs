using System.Globalization;

namespace Mana.Operations;

/// <summary>
/// Asks the server of this container whether it answers: exit 0 when it does, 1 otherwise. The image carries no HTTP client for the
/// container engine to ask with.
/// </summary>
public static class HealthCommand
{
    /// <summary>Less than the engine waits (contract 5.3), so that the reason is ours to print.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(IReadOnlyDictionary<string, string> environment, TextWriter output)
    {
        if (Port(environment) is not { } port)
        {
            await output.WriteLineAsync("health: PORT is not the number of a port");
            return 1;
        }

        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Patience };
        try
        {
            using var reply = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/api/v1/health"));
            await output.WriteLineAsync($"health: {(int)reply.StatusCode}");
            return reply.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"health: no answer on port {port}");
            return 1;
        }
    }

    private static int? Port(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault("PORT") is not { Length: > 0 } text)
        {
            return 3001;
        }

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }
}
