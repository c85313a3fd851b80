using System.Collections.Concurrent;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mana.Specs.Platform;

public sealed class Keeping_secrets_out_of_logs_and_metrics(Keeping_secrets_out_of_logs_and_metrics.TalkativeHouse house)
    : IClassFixture<Keeping_secrets_out_of_logs_and_metrics.TalkativeHouse>
{
    [Fact]
    public async Task Nothing_a_person_sends_or_is_sent_turns_up_there()
    {
        house.ExpectErrors();
        var lines = new ConcurrentQueue<string>();
        house.Services.GetRequiredService<ILoggerFactory>().AddProvider(new Keeper(lines));
        var (email, password, name) = (
            $"marker-{Guid.NewGuid():N}@example.com",
            $"marker-{Guid.NewGuid():N}",
            $"marker-{Guid.NewGuid():N}"
        );
        var browser = new Browser(house);
        var alice = new Person(house, email, password);

        await browser.SignUp(email, password, name);
        var link = await house.Mail.LinkTo(email);
        var page = await browser.Open(link);
        var (path, fields) = Browser.Filled(page.Form("keep"));
        var verified = await browser.Post(path, fields);
        await alice.Login();
        alice.Cookies = verified.CookieHeader();
        await alice.Get($"/api/v1/auth/session?{password}");
        await alice.Post("/api/v1/auth/validate", new { token = alice.AccessToken });
        await alice.Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken });
        await alice.Post("/api/v1/auth/login", new { email, password = password + "x" });
        await alice.PostRaw("/api/v1/auth/login", $"{{\"email\":\"{email}\",\"password\":\"{password}");
        await alice.Get($"/nowhere/{password}?{email}");
        await alice.Use(10, key: name);
        await BreakTheDatabase(() => alice.Post("/api/v1/auth/login", new { email, password }));
        await house.Idle();
        var metrics = (await house.Nobody().Get("/metrics")).Expect(200).Body;

        string[] markers =
        [
            email,
            password,
            name,
            alice.AccessToken,
            alice.RefreshToken,
            fields["token"],
            .. verified.SetCookies.Select(cookie => cookie.Split('=', ';')[1]),
        ];
        Assert.All(markers, marker => Assert.True(marker.Length >= 16, marker));
        Assert.NotEmpty(lines);
        foreach (var marker in markers)
        {
            Assert.DoesNotContain(marker, metrics, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(lines, line => line.Contains(marker, StringComparison.OrdinalIgnoreCase));
        }
    }

    private async Task BreakTheDatabase(Func<Task> meanwhile)
    {
        await house.Database.Tamper("alter table auth.users rename to users_away");
        try
        {
            await meanwhile();
        }
        finally
        {
            await house.Database.Tamper("alter table auth.users_away rename to users");
        }
    }

    /// <summary>A house that logs all it can.</summary>
    public sealed class TalkativeHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment) => environment["LOG_LEVEL"] = "debug";
    }

    private sealed class Keeper(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"{state}");
            return null;
        }

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var fields = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => pair.Value))
                : "";
            lines.Enqueue($"{formatter(state, exception)} {fields} {exception}");
        }

        public void Dispose() { }
    }
}
