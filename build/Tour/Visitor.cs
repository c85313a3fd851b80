using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mana.Build.Machine;

namespace Mana.Build.Tour;

/// <summary>Somebody with a browser's cookie jar who calls the service over HTTP and remembers the last exchange.</summary>
internal sealed class Visitor : IDisposable
{
    private const int WaitSecondsMax = 60;

    private readonly HttpClient client;
    private readonly CancellationToken stop;

    public Visitor(Uri address, CancellationToken stop)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        client = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        this.stop = stop;
    }

    public Exchange? Last { get; private set; }

    public Task<Exchange> Get(string path, string? bearer = null) => Send(HttpMethod.Get, path, null, "", bearer);

    public Task<Exchange> Post(string path, JsonObject body, string? bearer = null) =>
        Send(HttpMethod.Post, path, "application/json", body.ToJsonString(), bearer);

    public async Task<Exchange> Submit(string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await Send(HttpMethod.Post, path, "application/x-www-form-urlencoded", await form.ReadAsStringAsync(stop), null);
    }

    public void Dispose() => client.Dispose();

    // A limiter that answers is part of the service, not a fault of it: the tour waits as it is told to, once.
    private async Task<Exchange> Send(HttpMethod method, string path, string? type, string body, string? bearer)
    {
        var exchange = await Once(method, path, type, body, bearer);
        if (
            exchange.Status == (int)HttpStatusCode.TooManyRequests
            && int.TryParse(exchange.Headers.GetValueOrDefault("Retry-After"), CultureInfo.InvariantCulture, out var seconds)
            && seconds <= WaitSecondsMax
        )
        {
            Say.Line($"  … too many requests, waiting {seconds} s as told");
            await Task.Delay(TimeSpan.FromSeconds(seconds + 1), stop);
            exchange = await Once(method, path, type, body, bearer);
        }
        return exchange;
    }

    private async Task<Exchange> Once(HttpMethod method, string path, string? type, string body, string? bearer)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        if (bearer is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + bearer);
        }
        if (type is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }
        var words = $"{method} {new Uri(client.BaseAddress, path)}\n{request.Headers.ToString().TrimEnd()}\n{body}".TrimEnd();
        try
        {
            using var answer = await client.SendAsync(request, stop);
            var headers = answer
                .Headers.Concat(answer.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return Last = new Exchange(words, (int)answer.StatusCode, headers, await answer.Content.ReadAsStringAsync(stop));
        }
        catch (HttpRequestException unreachable)
        {
            throw new Failure(
                $"{client.BaseAddress} does not answer: {unreachable.Message}",
                "start the service: ./mana dev",
                "name another one: BASE_URL=https://auth.example.org ./mana tour"
            );
        }
    }
}
