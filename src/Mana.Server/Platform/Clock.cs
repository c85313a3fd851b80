namespace Mana.Platform;

public static class Clock
{
    /// <summary>
    /// Now in whole milliseconds: what is returned equals what is stored, and the wire knows no finer time (wire section 15).
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().InMilliseconds();

    /// <summary>In UTC, with nothing finer than whole milliseconds.</summary>
    public static DateTimeOffset InMilliseconds(this DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
