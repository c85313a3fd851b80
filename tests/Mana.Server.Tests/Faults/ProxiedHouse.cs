using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>A house whose server reaches PostgreSQL through a <see cref="ChaosProxy"/>; the specs look past it.</summary>
public sealed class ProxiedHouse : House
{
    private ChaosProxy? _proxy;

    public ProxiedHouse() => ExpectErrors();

    public ChaosProxy Proxy => _proxy!;

    protected override void Configure(Dictionary<string, string> environment)
    {
        _proxy ??= new ChaosProxy(environment["DATABASE_URL"]);
        environment["DATABASE_URL"] = _proxy.Route(environment["DATABASE_URL"]);
        environment["SESSIONS_PER_BROWSER_MAX"] = "2"; // or nobody's browser holds what these routes look for
    }

    public override async ValueTask DisposeAsync()
    {
        Proxy.Watch = null;
        Proxy.Set(Line.Pass);
        Clock.Move(TimeSpan.FromMinutes(1)); // a worker whose answer was cut off left its job under a lease
        await base.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
