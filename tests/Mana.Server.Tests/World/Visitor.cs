using System.Net.Http.Json;

namespace Mana.Specs.World;

/// <summary>Requests from client addresses of the spec's choice, in a house that believes its proxy (<see cref="LimitedHouse"/>).</summary>
public static class Visitor
{
    private static int _count;

    /// <summary>An address nobody has used yet.</summary>
    public static string NewAddress()
    {
        var number = Interlocked.Increment(ref _count);

        return $"100.{64 + number / 62_500 % 64}.{number / 250 % 250}.{number % 250 + 1}";
    }

    /// <param name="path">As it goes over the line: doubled slashes stay.</param>
    public static async Task<Reply> Ask(
        HttpClient http,
        HttpMethod method,
        string path,
        string address,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Add("X-Forwarded-For", address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);

        return await Reply.Of(response);
    }
}
