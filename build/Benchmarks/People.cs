using System.Net.Http.Json;
using System.Text.Json;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>
/// The people on whose behalf is measured, made through the front door like anybody else, in the files the scripts read:
/// people.txt (address and password), cookies.txt, tokens.txt, one line each.
/// </summary>
internal sealed class People(string folder)
{
    private const int Count = 256;
    private const int AtOnce = 8;
    private const string Password = "password123";

    private string[] cookies = [];

    /// <summary>People who are signed in already; at least as many cookies as are asked for lie in the folder.</summary>
    public static async Task<People> SignedIn(string folder) =>
        new(folder) { cookies = [.. (await File.ReadAllLinesAsync(Path.Combine(folder, "cookies.txt"))).Take(Count)] };

    public string Folder => folder;

    /// <summary>Signs everybody up; the answer signs them in.</summary>
    public async Task SignUp(Uri address, CancellationToken stop)
    {
        using var client = Client(address);
        cookies = await ForAll(index => SignUp(client, index, stop), stop);
        await Write("people.txt", [.. Enumerable.Range(0, Count).Select(index => $"{Email(index)} {Password}")]);
        await Write("cookies.txt", cookies);
    }

    /// <summary>
    /// Fetches an access token for everybody, because they live 15 minutes, and proves that each does what the load will ask of it: a
    /// refused token would be answered with 200 by validate, and nobody would see that refusals were measured.
    /// </summary>
    public async Task RenewTokens(Uri address, CancellationToken stop)
    {
        using var client = Client(address);
        var tokens = await ForAll(index => Token(client, cookies[index], stop), stop);
        await Write("tokens.txt", tokens);
    }

    /// <summary>
    /// The same people with a copy of their session in a cookie of its own, as Better Auth's cookie cache has it. It is believed for five
    /// minutes, so it is fetched anew.
    /// </summary>
    public async Task CopyWithCachedSessions(People others, Uri address, CancellationToken stop)
    {
        using var client = Client(address);
        await Write("cookies.txt", await ForAll(index => CachedSession(client, others.cookies[index], stop), stop));
    }

    private static async Task<string> CachedSession(HttpClient client, string cookie, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/get-session");
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request, stop);
        var copy = answer.Headers.TryGetValues("Set-Cookie", out var set)
            ? set.Select(line => line.Split(';')[0]).FirstOrDefault(pair => pair.Contains("session_data=", StringComparison.Ordinal))
            : null;
        return copy is null ? throw new Failure("The peer at its best sends no cached session.") : $"{cookie}; {copy}";
    }

    private static async Task<string> SignUp(HttpClient client, int index, CancellationToken stop)
    {
        var person = new
        {
            name = $"Load {index}",
            email = Email(index),
            password = Password,
        };
        using var answer = await client.PostAsJsonAsync("/api/auth/sign-up/email", person, stop);
        var body = await answer.Content.ReadAsStringAsync(stop);
        return answer.IsSuccessStatusCode && answer.Headers.TryGetValues("Set-Cookie", out var set)
            ? string.Join("; ", set.Select(cookie => cookie.Split(';')[0]))
            : throw new Failure($"Signing up answered {(int)answer.StatusCode}: {body}");
    }

    private static async Task<string> Token(HttpClient client, string cookie, CancellationToken stop)
    {
        using var session = await Get(client, "/api/auth/get-session", "Cookie", cookie, stop);
        if (session?.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new Failure("get-session does not know a session that was just opened.");
        }
        using var minted = await Get(client, "/api/auth/token", "Cookie", cookie, stop);
        var token = minted?.RootElement.GetProperty("token").GetString() ?? throw new Failure("token made no access token.");
        using var checkedToken = await client.PostAsJsonAsync("/api/v1/auth/validate", new { token }, stop);
        using var verdict = await checkedToken.Content.ReadFromJsonAsync<JsonDocument>(stop);
        if (verdict?.RootElement.GetProperty("valid").GetBoolean() != true)
        {
            throw new Failure("validate refuses a token that was just made.");
        }
        using var balance = await Get(client, "/api/v1/credits/balance", "Authorization", "Bearer " + token, stop);
        return balance is not null ? token : throw new Failure("balance refuses a token that was just made.");
    }

    private static async Task<JsonDocument?> Get(HttpClient client, string path, string header, string value, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(header, value);
        using var answer = await client.SendAsync(request, stop);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonDocument>(stop) : null;
    }

    private static async Task<string[]> ForAll(Func<int, Task<string>> make, CancellationToken stop)
    {
        var made = new string[Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, Count, limits, async (index, _) => made[index] = await make(index));
        return made;
    }

    private static HttpClient Client(Uri address)
    {
        var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        return client;
    }

    public static string Email(int index) => $"load-{index}@example.com";

    public Task Write(string name, string[] lines)
    {
        Directory.CreateDirectory(folder);
        return File.WriteAllLinesAsync(Path.Combine(folder, name), lines);
    }
}
