using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mana.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mana.Specs.World;

/// <summary>
/// The real server on a free port, on a real PostgreSQL database of its own under the roles of production, with a mail server beside it and
/// a clock that stands still. One per spec class; people in it are unique.
/// </summary>
public class House : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _errors = new();

    private WebApplication? _app;

    private bool _mayLogErrors;

    public FakeClock Clock { get; } = new();

    public SmtpSink Mail { get; } = new();

    public Database Database { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <summary>A client that follows no redirect and keeps no cookie.</summary>
    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await Databases.Create();
        Address = FreeAddress();
        Http = Client(Address);
        await Start();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Idle();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Http.Dispose();
        await Mail.DisposeAsync();
        await Databases.Drop(Database.Name);
        GC.SuppressFinalize(this);
        Assert.True(_mayLogErrors || _errors.IsEmpty, "Errors were logged: " + string.Join(Environment.NewLine, _errors));
    }

    /// <summary>For specs that break something on purpose.</summary>
    public void ExpectErrors() => _mayLogErrors = true;

    /// <summary>Somebody who signed up through the front door and is signed in.</summary>
    public async Task<Person> Person(string name)
    {
        var email = $"{name}-{Guid.NewGuid():N}@example.com";
        var visitor = new Person(this, email, Phrases.Right);
        await visitor.Register(name);
        await visitor.Login();

        return visitor;
    }

    /// <summary>Somebody who has not signed up yet.</summary>
    public Person Stranger(string name = "stranger") => new(this, $"{name}-{Guid.NewGuid():N}@example.com", Phrases.Right);

    public Person Nobody() => new(this, "", "");

    /// <summary>Another service that has the service key.</summary>
    public OtherService Service(string appId = "research") => new(this, appId);

    /// <summary>Waits until the job queue is empty; a job left over fails the spec.</summary>
    public async Task Idle()
    {
        var end = DateTime.UtcNow.AddSeconds(10);
        while (
            await Database.Read<long>(
                "select count(*) from jobs.jobs where parked_at is null and run_at <= $1",
                Clock.GetUtcNow().UtcDateTime
            ) > 0
        )
        {
            Assert.True(DateTime.UtcNow < end, "A job was left unprocessed.");
            await Task.Delay(50);
        }
    }

    /// <summary>The books, recomputed from the transfers alone, contradict nothing.</summary>
    public async Task BooksBalance()
    {
        var report = await Services.GetRequiredService<Mana.Ledger.CheckBooks>().Run(CancellationToken.None);
        Assert.True(report.Faults.Count == 0, string.Join(Environment.NewLine, report.Faults));
    }

    /// <summary>Stops and starts the server on the same database, as a deployment does.</summary>
    public async Task Restart()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await Start();
    }

    /// <summary>Settings a spec class needs beside the defaults.</summary>
    protected virtual void Configure(Dictionary<string, string> environment) { }

    /// <summary>A second instance on the same database, with the same clock and settings.</summary>
    public async Task<Neighbour> OpenNeighbour()
    {
        var address = FreeAddress();
        var app = await Start(address);

        return new Neighbour(app, address);
    }

    internal static HttpClient Client(Uri address) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, // what somebody may send, and not only what one should
            }
        )
        {
            BaseAddress = address,
        };

    private async Task Start() => _app = await Start(Address);

    private async Task<WebApplication> Start(Uri address)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["PORT"] = address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["BASE_URL"] = address.GetLeftPart(UriPartial.Authority),
            ["DATABASE_URL"] = Database.AppUrl,
            ["SMTP_HOST"] = "127.0.0.1",
            ["SMTP_PORT"] = Mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["SMTP_TLS"] = "off",
            ["RATE_LIMITS"] = "off",
            ["LOG_LEVEL"] = "error",
        };
        Configure(environment);
        var app = App.Build(Settings.Read(environment), Clock);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(new ErrorKeeper(_errors));
        await ServeCommand.Prepare(app.Services, TextWriter.Null);
        await app.StartAsync();

        return app;
    }

    protected static Uri FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();

        return new Uri($"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}");
    }

    private sealed class ErrorKeeper(ConcurrentQueue<string> errors) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose() { }
    }
}

/// <summary>Passwords of the cast.</summary>
public static class Phrases
{
    public const string Right = "correct horse battery";

    public const string Wrong = "incorrect horse battery";
}
