using System.Diagnostics;
using Mana.Platform.Database;
using Mana.Sessions;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Sessions;

/// <summary>
/// A house that listens through one <see cref="ChaosProxy"/> and asks through another, so that a spec can take away either.
/// </summary>
public class FeedHouse : House
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private ChaosProxy? _listening;

    private ChaosProxy? _asking;

    /// <summary>Carries the one connection that listens.</summary>
    public ChaosProxy Listening => _listening!;

    /// <summary>Carries everything else.</summary>
    public ChaosProxy Asking => _asking!;

    public Feed Feed => Services.GetRequiredService<Feed>();

    public Revocations Revocations => Services.GetRequiredService<Revocations>();

    protected override void Configure(Dictionary<string, string> environment)
    {
        _listening ??= new ChaosProxy(environment["DATABASE_URL"]);
        _asking ??= new ChaosProxy(environment["DATABASE_URL"]);
        environment["LISTEN_DATABASE_URL"] = _listening.Route(environment["DATABASE_URL"]);
        environment["DATABASE_URL"] = _asking.Route(environment["DATABASE_URL"]);
    }

    public override async ValueTask DisposeAsync()
    {
        (Asking.Watch, Listening.Watch) = (null, null);
        Asking.Delay = TimeSpan.Zero;
        Asking.Set(Line.Pass);
        Listening.Set(Line.Pass);
        await base.DisposeAsync();
        await Listening.DisposeAsync();
        await Asking.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes the listener's line away for one piece of work, and waits until it is trusted again.</summary>
    public async Task Deaf(Func<Task> work, Line line = Line.Blackhole)
    {
        Listening.Set(line);
        try
        {
            await Until(() => !Feed.IsTrusted, "the feed is trusted although nothing can be heard");
            await work();
        }
        finally
        {
            Listening.Set(Line.Pass);
        }

        await Trusted();
    }

    public Task Trusted() => Until(() => Feed.IsTrusted, "the feed is not trusted");

    public static async Task Until(Func<bool> isSo, string otherwise)
    {
        for (var started = Stopwatch.GetTimestamp(); !isSo(); await Task.Delay(10))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, otherwise);
        }
    }

    /// <summary>Somebody with an access token, and the browser they signed in with.</summary>
    public async Task<(Person Person, Person Browser)> SignedIn(string name)
    {
        var person = Stranger(name);
        await person.Register(name);
        var browser = Nobody();
        browser.Cookies = (await person.Login()).CookieHeader();

        return (person, browser);
    }

    /// <summary>Ends every session of the person as another instance would.</summary>
    public Task<int> EndElsewhere(Person person) =>
        Database.Tamper(
            "update auth.sessions set revoked_at = now(), revoked_reason = 'elsewhere' where user_id = $1 and revoked_at is null",
            person.Id
        );
}
