using Mana.Specs.World;

namespace Mana.Specs.Wire;

/// <summary>The service set up as the reference was when a recording was made.</summary>
public sealed class ReplayHouse(string configuration) : House
{
    /// <summary>The reference's own, so that what it signed and nobody looks up is valid here too.</summary>
    public const string Secret = "test-secret-0123456789-abcdefghij-KLMNOPQRST";

    private const string SecureOrigin = "https://auth.example.com";

    protected override void Configure(Dictionary<string, string> environment)
    {
        environment["BETTER_AUTH_SECRET"] = Secret;
        environment["MAIL_LINKS"] = "direct";
        environment["EMAIL_VERIFICATION_EXPIRY"] = "1h";
        environment["CORS_ORIGINS"] = "https://app.example.com";
        environment["TRUSTED_ORIGINS"] = "https://*.apps.example.com,*.wild.example.org,mana://";
        environment["JWT_ISSUER"] = SecureOrigin;
        environment["JWT_AUDIENCE"] = "mana";
        environment["REQUIRE_EMAIL_VERIFICATION"] = configuration == "e" ? "off" : "on";
        environment["SESSIONS_PER_BROWSER_MAX"] = configuration is "b" or "d" ? "5" : "1";
        // In "a" erasing was switched off; by mail it harms nobody who is needed later.
        environment["DELETE_USER_BY_MAIL"] = configuration is "a" or "d" ? "on" : "off";
        if (configuration.StartsWith("c-", StringComparison.Ordinal))
        {
            environment["BASE_URL"] = SecureOrigin;
            environment["COOKIE_DOMAIN"] = ".example.com";
            environment["RATE_LIMITS"] = "on";
            environment["TRUSTED_PROXIES"] = "127.0.0.1,::1";
        }
    }
}
