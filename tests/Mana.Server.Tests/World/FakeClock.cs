namespace Mana.Specs.World;

/// <summary>A clock that stands still until a spec moves it. Timers run on real time: nothing that waits depends on the spec's day.</summary>
public sealed class FakeClock : TimeProvider
{
    private long _ticks = System.GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
