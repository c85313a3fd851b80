using System.Globalization;

namespace Mana.Platform.Mail;

/// <summary>How long a link is good for, as it stands behind "valid for" and "gilt": lifetimes are settings, and no letter may guess them.</summary>
public static class Lasting
{
    public static string InGerman(TimeSpan time) =>
        In(time, ("einen Tag", "Tage"), ("eine Stunde", "Stunden"), ("eine Minute", "Minuten"), "Sekunden");

    public static string InEnglish(TimeSpan time) =>
        In(time, ("one day", "days"), ("one hour", "hours"), ("one minute", "minutes"), "seconds");

    /// <summary>In the largest unit there is a whole number of, so that nothing is rounded.</summary>
    private static string In(
        TimeSpan time,
        (string One, string Many) days,
        (string One, string Many) hours,
        (string One, string Many) minutes,
        string seconds
    ) =>
        Whole(time, TimeSpan.FromDays(1), days)
        ?? Whole(time, TimeSpan.FromHours(1), hours)
        ?? Whole(time, TimeSpan.FromMinutes(1), minutes)
        ?? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} {seconds}");

    private static string? Whole(TimeSpan time, TimeSpan unit, (string One, string Many) words) =>
        time.Ticks % unit.Ticks != 0 ? null
        : time == unit ? words.One
        : string.Create(CultureInfo.InvariantCulture, $"{time / unit:0} {words.Many}");
}
