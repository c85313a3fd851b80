using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mana.Build.Benchmarks;

/// <summary>Asks once a second how much one person has spent, while they spend: wrk says how many requests there were, but not when.</summary>
internal sealed class SpendingWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient client;
    private readonly CancellationTokenSource enough;
    private readonly Task<List<double>> watching;

    private SpendingWatch(HttpClient client, CancellationTokenSource enough) =>
        (this.client, this.enough, watching) = (client, enough, Watch(client, enough.Token));

    /// <param name="people">Their folder; the first of them is watched.</param>
    public static async Task<SpendingWatch> Begin(Uri address, string people, CancellationToken stop)
    {
        var token = (await File.ReadAllLinesAsync(Path.Combine(people, "tokens.txt"), stop))[0];
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new SpendingWatch(client, CancellationTokenSource.CreateLinkedTokenSource(stop));
    }

    /// <returns>Credits per second, of every whole second.</returns>
    public async Task<IReadOnlyList<double>> End()
    {
        await enough.CancelAsync();
        return await watching;
    }

    public ValueTask DisposeAsync()
    {
        enough.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<List<double>> Watch(HttpClient client, CancellationToken enough)
    {
        var seconds = new List<double>();
        var (last, at) = (await Spent(client), Stopwatch.GetTimestamp());
        try
        {
            while (true)
            {
                await Task.Delay(Pause, enough);
                var (now, elapsed) = (await Spent(client), Stopwatch.GetElapsedTime(at));
                seconds.Add((now - last) / elapsed.TotalSeconds);
                (last, at) = (now, Stopwatch.GetTimestamp());
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            return seconds;
        }
    }

    private static async Task<long> Spent(HttpClient client)
    {
        using var balance = await client.GetFromJsonAsync<JsonDocument>("/api/v1/credits/balance");
        return balance!.RootElement.GetProperty("totalSpent").GetInt64();
    }
}
