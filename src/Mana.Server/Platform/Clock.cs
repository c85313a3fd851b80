namespace Mana.Platform;

public static class Clock
{
    /// <summary>
    /// Now in whole milliseconds: what is returned equals what is stored, and the wire knows no finer time (wire section 15).
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();

        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}
