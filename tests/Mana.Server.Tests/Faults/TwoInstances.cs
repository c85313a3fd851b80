using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// The shipped server twice, as processes of their own behind one database. Each listens through a <see cref="ChaosProxy"/> of its own, so
/// that a spec can make it deaf while it can still ask.
/// </summary>
public class TwoInstances : IAsyncLifetime
{
    private readonly List<ChaosProxy> _ears = [];

    private readonly List<ShippedServer> _servers = [];

    public SmtpSink Mail { get; } = new();

    public Database Database { get; private set; } = null!;

    public IReadOnlyList<ShippedServer> Servers => _servers;

    public IReadOnlyList<ChaosProxy> Ears => _ears;

    public async ValueTask InitializeAsync()
    {
        Database = await Databases.Create();
        for (var instance = 0; instance < 2; instance++)
        {
            var ear = new ChaosProxy(Database.AppUrl);
            var settings = ShippedServer.Development(Database.AppUrl, Mail);
            settings["LISTEN_DATABASE_URL"] = ear.Route(Database.AppUrl);
            settings["ARGON2_MEMORY_KIB"] = "8192"; // the cost of a password is not what these specs are about
            settings["ARGON2_PASSES"] = "1";
            settings["SESSIONS_PER_BROWSER_MAX"] = "2";
            Configure(settings);
            _ears.Add(ear);
            _servers.Add(ShippedServer.Start(settings));
        }

        await Task.WhenAll(_servers.Select(server => server.Ready()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.Resume();
            await server.DisposeAsync();
        }

        foreach (var ear in _ears)
        {
            await ear.DisposeAsync();
        }

        await Mail.DisposeAsync();
        await Databases.Drop(Database.Name);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connections both instances listen with, as an administrator or a failover does.</summary>
    public Task<long> EndEars() =>
        Database.Read<long>(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                + "where datname = current_database() and application_name = 'mana-core-auth feed'"
        );

    /// <summary>Somebody new with two sessions, both made at the first instance.</summary>
    public async Task<TwiceSignedIn> Somebody()
    {
        var credentials = new { email = $"somebody-{Guid.NewGuid():N}@example.com", password = Phrases.Right };
        (await Servers[0].Post("/api/v1/auth/register", credentials)).Expect(201);

        return new TwiceSignedIn(
            credentials.email,
            SignIn.Of((await Servers[0].Post("/api/v1/auth/login", credentials)).Expect(200)),
            SignIn.Of((await Servers[0].Post("/api/v1/auth/login", credentials)).Expect(200))
        );
    }

    public static async Task<Reply> Send(
        ShippedServer server,
        HttpMethod method,
        string path,
        string? bearer,
        object? body = null,
        string? cookie = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        }

        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        using var response = await server.Http.SendAsync(request);

        return await Reply.Of(response);
    }

    public static async Task Until(Func<bool> isSo)
    {
        for (var end = DateTime.UtcNow.AddSeconds(10); !isSo(); await Task.Delay(20))
        {
            Assert.True(DateTime.UtcNow < end, "it did not come to that");
        }
    }

    protected virtual void Configure(Dictionary<string, string> settings) { }
}

/// <summary>What one sign-in gave.</summary>
public sealed record SignIn(string AccessToken, string RefreshToken, string SessionToken, IReadOnlyList<string> Cookies)
{
    public string SessionId => RefreshToken.Split('.')[0];

    public static SignIn Of(Reply reply) =>
        new(reply.Text("accessToken"), reply.Text("refreshToken"), reply.Text("token"), reply.SetCookies);
}

/// <summary>Somebody who acts with one session upon the other.</summary>
public sealed record TwiceSignedIn(string Email, SignIn Here, SignIn There);
