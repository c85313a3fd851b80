using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Mana.Specs.World;

/// <summary>Somebody in a spec, acting through the front door.</summary>
public sealed class Person(House house, string email, string password)
{
    public string Email { get; } = email;

    public string Password { get; } = password;

    public string Id { get; private set; } = "";

    public string AccessToken { get; set; } = "";

    public string RefreshToken { get; set; } = "";

    /// <summary>Sent with every request when set: <c>name=value; name=value</c>.</summary>
    public string? Cookies { get; set; }

    public async Task<Reply> Register(string name)
    {
        var reply = await Post(
            "/api/v1/auth/register",
            new
            {
                email = Email,
                password = Password,
                name,
            }
        );
        reply.Expect(201);
        Id = reply.Text("id");

        return reply;
    }

    public async Task<Reply> Login()
    {
        var reply = await Post("/api/v1/auth/login", new { email = Email, password = Password });
        reply.Expect(200);
        Id = reply.Json.GetProperty("user").GetProperty("id").GetString()!;
        AccessToken = reply.Text("accessToken");
        RefreshToken = reply.Text("refreshToken");

        return reply;
    }

    /// <summary>The same person in a browser, signed in through the wire: it has a cookie and no token.</summary>
    public async Task<Person> InABrowser(string? password = null, bool rememberMe = true)
    {
        var browser = new Person(house, Email, Password) { Id = Id };
        var reply = await browser.Post(
            "/api/auth/sign-in/email",
            new
            {
                email = Email,
                password = password ?? Password,
                rememberMe,
            }
        );
        browser.Cookies = reply.Expect(200).CookieHeader();

        return browser;
    }

    /// <summary>Signs in once more, as an app on another device would, and answers that app.</summary>
    public async Task<Person> InAnotherApp()
    {
        var app = new Person(house, Email, Password);
        await app.Login();

        return app;
    }

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Reply> Post(string path, object? body = null) =>
        Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    /// <summary>Posts text as it stands, for bodies no serializer would write.</summary>
    public Task<Reply> PostRaw(string path, string body, string contentType = "application/json") =>
        PostRaw(path, Encoding.UTF8.GetBytes(body), contentType);

    public Task<Reply> PostRaw(string path, byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        return Send(HttpMethod.Post, path, content);
    }

    public Task<Reply> Use(long amount, string? key = null, string appId = "chat") =>
        Post(
            "/api/v1/credits/use",
            key is null
                ? new
                {
                    amount,
                    appId,
                    description = "a spec",
                }
                : new
                {
                    amount,
                    appId,
                    description = "a spec",
                    idempotencyKey = key,
                }
        );

    /// <summary>What can be spent: free and paid.</summary>
    public async Task<long> Balance()
    {
        var reply = await Get("/api/v1/credits/balance");
        reply.Expect(200);

        return reply.Json.GetProperty("balance").GetInt64() + reply.Json.GetProperty("freeCreditsRemaining").GetInt64();
    }

    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (AccessToken.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        }

        if (Cookies is not null)
        {
            request.Headers.Add("Cookie", Cookies);
            request.Headers.Add("Origin", house.Address.GetLeftPart(UriPartial.Authority));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await house.Http.SendAsync(request);

        return await Reply.Of(response);
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string[]> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Code => Text("code");

    public IReadOnlyList<string> SetCookies => Headers.TryGetValue("Set-Cookie", out var cookies) ? cookies : [];

    public static async Task<Reply> Of(HttpResponseMessage response)
    {
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase);

        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
    }

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>The cookies that were set, as a browser would send them back.</summary>
    public string CookieHeader() => string.Join("; ", SetCookies.Select(cookie => cookie.Split(';')[0]).Where(pair => !pair.EndsWith('=')));

    public Reply Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");

        return this;
    }

    public Reply Expect(int status, string code)
    {
        Expect(status);
        Assert.Equal(code, Code);

        return this;
    }
}
