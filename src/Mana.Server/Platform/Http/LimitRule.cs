namespace Mana.Platform.Http;

/// <summary>How many requests within what time.</summary>
/// <param name="Name">For the metric and the reference page.</param>
/// <param name="RestartsAtLast">
/// The window begins anew with every request that is let through, as on the wire (section 6.2); otherwise it begins with the first.
/// </param>
/// <param name="IsStored">
/// The limit stands before a secret, an account or a mailbox: it is counted in the database, for all instances and over restarts (ruling 20).
/// </param>
public sealed record LimitRule(string Name, int Max, TimeSpan Window, bool RestartsAtLast, bool IsStored);

/// <summary>The numbers: "Set B" of contract 3.10 for our own surface, section 6.1 of the wire for the other.</summary>
public static class LimitRules
{
    public static readonly LimitRule WireDefault = Wired("wire", 100, 10, isStored: false);

    private static readonly LimitRule WireSecret = Wired("wire_secret", 3, 10, isStored: true);

    private static readonly LimitRule WireMail = Wired("wire_mail", 3, 60, isStored: true);

    private static readonly LimitRule WireMagicLink = Wired("wire_magic_link", 5, 60, isStored: true);

    /// <summary>Beginnings of paths below <c>/api/auth</c>; the first that fits counts, and plugins come before the core.</summary>
    public static readonly IReadOnlyList<(string Start, LimitRule Rule)> Wire =
    [
        ("/two-factor/", WireSecret),
        ("/sign-in/magic-link", WireMagicLink),
        ("/magic-link/verify", WireMagicLink),
        ("/sign-in", WireSecret),
        ("/sign-up", WireSecret),
        ("/change-password", WireSecret),
        ("/change-email", WireSecret),
        ("/verify-password", WireSecret), // the reference leaves it to the default: a place to guess at (section 7.12)
        ("/request-password-reset", WireMail),
        ("/send-verification-email", WireMail),
        ("/forget-password", WireMail),
        ("/email-otp/send-verification-otp", WireMail),
        ("/email-otp/request-password-reset", WireMail),
    ];

    /// <param name="path">With <c>/api/auth</c> before it.</param>
    public static LimitRule OfWire(string path)
    {
        var below = path.AsSpan(Surfaces.BetterAuthPrefix.Length);
        foreach (var (start, rule) in Wire)
        {
            if (below.StartsWith(start, StringComparison.Ordinal))
            {
                return rule;
            }
        }

        return WireDefault;
    }

    /// <summary>Requests of one person over all routes that ask who is calling.</summary>
    public static LimitRule OfUser(HttpSettings settings) => Counted("user", settings.RateLimitUserMax, settings);

    /// <summary>Requests of one other service on one route.</summary>
    public static LimitRule OfApp(HttpSettings settings) => Counted("app", settings.RateLimitAppMax, settings);

    /// <returns>Null for what is never limited. <see cref="Limit.Wire"/> has no rule of its own: the path decides.</returns>
    public static LimitRule? Of(Limit limit, HttpSettings settings) =>
        limit switch
        {
            Limit.None => null,
            Limit.SignIn => Stored("sign_in", 10),
            Limit.SignUp => Stored("sign_up", 5),
            Limit.Mail => Stored("mail", 3),
            Limit.NewPassword => Stored("new_password", 5),
            Limit.Deletion => Stored("deletion", 3),
            Limit.GiftCode => Stored("gift_code", 20),
            Limit.Validation => Counted("validation", settings.RateLimitMax * 10, settings),
            Limit.General => Counted("general", settings.RateLimitMax, settings),
            _ => throw new InvalidOperationException($"Limit {limit} has no numbers yet: say them here."),
        };

    private static LimitRule Counted(string name, int max, HttpSettings settings) =>
        new(name, max, TimeSpan.FromSeconds(settings.RateLimitSeconds), RestartsAtLast: false, IsStored: false);

    private static LimitRule Stored(string name, int max) => new(name, max, TimeSpan.FromMinutes(1), RestartsAtLast: false, IsStored: true);

    private static LimitRule Wired(string name, int max, int seconds, bool isStored) =>
        new(name, max, TimeSpan.FromSeconds(seconds), RestartsAtLast: true, isStored);
}
