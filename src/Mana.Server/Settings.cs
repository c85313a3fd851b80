using System.Net;
using System.Text;
using Mana.Platform.Database;
using Mana.Protocols.Jose;
using Mana.Protocols.Sealing;

namespace Mana;

/// <summary>
/// Every setting of the service, declared once: name, default, bounds, secret or not, one sentence. Read once at start; each slice
/// receives only its record. <c>docs/reference/settings.md</c> and <c>.env.example</c> are generated from here.
/// </summary>
public sealed record Settings
{
    /// <summary>Names of older services that mean nothing here; each that is set is a warning (rulings 1 and 25).</summary>
    public static readonly IReadOnlyList<string> IgnoredNames = ["JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "JWT_SECRET", "NODE_ENV"];

    public required string Environment { get; init; }

    public required DatabaseSettings Database { get; init; }

    public required HttpSettings Http { get; init; }

    public required SecretSettings Secrets { get; init; }

    public required TokenSettings Tokens { get; init; }

    public required SessionSettings Sessions { get; init; }

    public required PasswordSettings Passwords { get; init; }

    public required SignUpSettings SignUps { get; init; }

    public required EmailSettings Emails { get; init; }

    public required AccountSettings Accounts { get; init; }

    public required CreditSettings Credits { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Only the exact word relaxes anything; unset means Production (ruling 25).</summary>
    public bool IsDevelopment => Environment == "Development";

    /// <summary>The description of the interface is served to anybody.</summary>
    public bool ShowsApi => Http.ShowsApi ?? IsDevelopment;

    /// <exception cref="SettingsException">Everything that is wrong, named at once, no value printed.</exception>
    public static Settings Read(IReadOnlyDictionary<string, string> environment) => Read(environment, new SettingsReader(environment));

    /// <summary>What the reference page and the example environment list.</summary>
    public static IReadOnlyList<SettingDeclaration> Declarations()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DATABASE_URL"] = "postgresql://localhost/mana",
        };
        var read = new SettingsReader(environment);
        Read(environment, read);

        return read.Declarations;
    }

    private static Settings Read(IReadOnlyDictionary<string, string> environment, SettingsReader read)
    {
        var settings = new Settings
        {
            Environment = read.Text("ASPNETCORE_ENVIRONMENT", "Production", "Only the exact word Development relaxes anything."),
            Database = new DatabaseSettings(
                read.Required("DATABASE_URL", "The application's login (role mana_app) as a postgresql:// address.", secret: true),
                read.Optional(
                    "LISTEN_DATABASE_URL",
                    "The same login on a direct connection; default: DATABASE_URL, unless that leads to a pooler.",
                    secret: true
                ),
                read.Flag(
                    "DATABASE_POOLED",
                    false,
                    "True behind PgBouncer in transaction mode: prepared statements are off; needs LISTEN_DATABASE_URL."
                ),
                read.Whole("DATABASE_POOL_MAX", 20, 2, 500, "Connections this instance may open.")
            ),
            Http = new HttpSettings(
                read.Whole("PORT", 3001, 0, 65_535, "The port to listen on; 0 takes a free one."),
                read.Whole(
                    "METRICS_PORT",
                    0,
                    0,
                    65_535,
                    "A port of its own for /metrics; 0: the public one in Development, none elsewhere."
                ),
                read.Text("LISTEN_ADDRESS", "127.0.0.1", "The address to listen on; 0.0.0.0 in a container."),
                read.Flag(
                    "INLINE_SOCKETS",
                    null,
                    "The thread that hears of a socket goes on with what waited for it; on with one or two processors, off with more."
                ),
                read.Address("BASE_URL", "http://localhost:3001", "Own public address: links, cookie prefix, trusted origin."),
                read.Address("FRONTEND_URL", "http://localhost:5173", "Where a finished mail link leads when it names no target."),
                read.List(
                    "CORS_ORIGINS",
                    "http://localhost:3000,http://localhost:8081",
                    "Exact origins of the front ends.",
                    inProduction: true
                ),
                read.List(
                    "TRUSTED_ORIGINS",
                    "",
                    "More origins for Origin and redirect checks (wildcards, custom schemes); default: CORS_ORIGINS."
                ),
                read.List(
                    "ALLOWED_HOSTS",
                    "",
                    "More host names the service answers to (*.internal is any below it, * any); besides BASE_URL's, addresses and names without a dot."
                ),
                read.List("TRUSTED_PROXIES", "", "Addresses or networks whose X-Forwarded-For is believed."),
                read.Flag("API_DOCS", null, "/swagger and /openapi are served; on in Development, off elsewhere."),
                read.Flag("RATE_LIMITS", true, "Off switches every limiter off for load tests; refused in Production."),
                read.Whole("RATE_LIMIT_TTL", 60, 1, 3_600, "Window of the general limit in seconds."),
                read.Whole("RATE_LIMIT_MAX", 100, 1, 1_000_000, "Requests of one address on one route of /api/v1 per window."),
                read.Whole("RATE_LIMIT_USER_MAX", 300, 1, 1_000_000, "Requests of one person over all routes of /api/v1 per window."),
                read.Whole("RATE_LIMIT_APP_MAX", 60_000, 1, 100_000_000, "Requests of one other service on one route per window."),
                read.Flag(
                    "SERVICE_KEY_ON_PUBLIC_PATHS",
                    false,
                    "Lets services of the first generation use X-Service-Key on /api/v1/credits: balance/:userId, use, refund."
                ),
                read.Optional("COOKIE_DOMAIN", "Parent domain such as .mana.how; shares the session cookie between its sub-domains."),
                read.OneOf("COOKIE_SAMESITE", "Lax", ["Lax", "Strict", "None"], "SameSite of the session cookies."),
                read.Whole(
                    "SESSIONS_PER_BROWSER_MAX",
                    1,
                    1,
                    HttpSettings.SessionsPerBrowserLimit,
                    "People signed in at once in one browser, for Better Auth's multi-session plugin (its own default is 5); 1 sets no cookie beside the session's."
                )
            ),
            Secrets = new SecretSettings(
                read.Secret(
                    "BETTER_AUTH_SECRET",
                    "development-secret-of-mana-core-auth",
                    32,
                    "Signs cookies; keyed hashes of every secret at rest derive from it."
                ),
                read.Optional("BETTER_AUTH_SECRET_PREVIOUS", "The secret before the last change, still accepted.", secret: true),
                read.Secret("MANA_AUTH_KEK", SecretSettings.DevelopmentKek, 40, "Key-encryption key, base64 of 32 bytes."),
                read.Text("MANA_AUTH_KEK_ID", "env-v1", "Name of the key-encryption key, stored beside what it seals."),
                read.List("MANA_AUTH_KEK_PREVIOUS", "", "Earlier keys as id:base64, for opening only.", secret: true),
                read.Secret("MANA_SERVICE_KEY", "dev-service-key", 24, "Key of the other services of the ecosystem.")
            ),
            Tokens = new TokenSettings(
                read.Text("JWT_ISSUER", "manacore", "Claim iss."),
                read.Text("JWT_AUDIENCE", "manacore", "Claim aud."),
                read.Duration(
                    "JWT_ACCESS_TOKEN_EXPIRY",
                    "15m",
                    TimeSpan.FromSeconds(10),
                    TokenSettings.AccessLifetimeMax,
                    "Life of an access token."
                ),
                read.Duration(
                    "JWT_KEY_ANNOUNCE",
                    "24h",
                    TimeSpan.FromSeconds(1),
                    TimeSpan.FromDays(30),
                    "How long a signing key is published before it signs; longer than anybody keeps a key set."
                ),
                read.Duration("JWT_KEY_ROTATE", "90d", TimeSpan.FromSeconds(2), TimeSpan.FromDays(3_650), "How long a signing key signs."),
                read.Duration(
                    "JWT_KEY_RETIRE",
                    "7d",
                    TimeSpan.FromSeconds(20),
                    TimeSpan.FromDays(365),
                    "How long it is accepted afterwards."
                )
            ),
            Sessions = new SessionSettings(
                read.Duration(
                    "JWT_REFRESH_TOKEN_EXPIRY",
                    "7d",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(400),
                    "Life of a session and its refresh token."
                ),
                read.Duration(
                    "SESSION_REMEMBER_EXPIRY",
                    "30d",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(400),
                    "The same when the person asked to be remembered on /api/v1."
                ),
                read.Duration(
                    "SESSION_UPDATE_AGE",
                    "1d",
                    TimeSpan.Zero,
                    TimeSpan.FromDays(400),
                    "A session used after this age is extended."
                ),
                read.Duration(
                    "SESSION_ABSOLUTE_EXPIRY",
                    "180d",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(3_650),
                    "A session ends this long after its sign-in, however often it is used or refreshed."
                ),
                read.Duration(
                    "SESSION_FRESH_AGE",
                    "1d",
                    TimeSpan.Zero,
                    TimeSpan.FromDays(400),
                    "How long after its sign-in a session may do what asks for a fresh one; 0s asks for none."
                ),
                read.Duration(
                    "REFRESH_REUSE_WINDOW",
                    "30s",
                    TimeSpan.Zero,
                    TimeSpan.FromMinutes(5),
                    "How long the previous refresh token answers with the same successor."
                ),
                read.Whole(
                    "SESSIONS_PER_PERSON_MAX",
                    100,
                    1,
                    SessionSettings.PerPersonLimit,
                    "Live sessions of one person; a sign-in beyond it ends the one unused for longest."
                ),
                read.Whole("SESSION_CACHE_MAX", 100_000, 100, 10_000_000, "Live sessions kept in memory."),
                read.Whole("TOKEN_CACHE_MAX", 100_000, 100, 10_000_000, "Verified access tokens kept in memory."),
                read.Whole(
                    "SESSION_QUEUE_MAX",
                    4_096,
                    1,
                    100_000,
                    "Sessions that may wait to be looked up in the database; beyond it the answer is 503."
                )
            ),
            Passwords = new PasswordSettings(
                read.Whole("PASSWORD_LENGTH_MIN", 8, 8, 64, "Shortest password, in UTF-16 units."),
                read.Whole("ARGON2_MEMORY_KIB", 19_456, 8_192, 1_048_576, "Memory of one Argon2id hash."),
                read.Whole("ARGON2_PASSES", 2, 1, 10, "Passes of one Argon2id hash."),
                read.Whole("PASSWORD_QUEUE_MAX", 64, 1, 10_000, "Hashes that may wait; beyond it the answer is 503 with Retry-After."),
                read.Flag(
                    "PASSWORD_BLOCKLIST",
                    null,
                    "New passwords may be neither common nor made of the own address; on in Production, off elsewhere."
                )
            ),
            SignUps = new SignUpSettings(
                read.OneOf(
                    "REGISTRATION_DISCLOSURE",
                    "open",
                    ["open", "hidden"],
                    "open: who registers or changes to a known address on /api/v1 is told; hidden: only its owner is, by mail."
                ),
                read.Whole("MAX_DAILY_SIGNUPS", 0, 0, 1_000_000_000, "People who may register on one day of UTC; 0 sets no limit.")
            ),
            Emails = new EmailSettings(
                read.Flag("REQUIRE_EMAIL_VERIFICATION", null, "No session before the mailbox is proved; on in Production, off elsewhere."),
                read.OneOf(
                    "MAIL_LINKS",
                    "page",
                    ["page", "direct"],
                    "page: links open a page whose button acts; direct: links act at once."
                ),
                read.Duration(
                    "EMAIL_VERIFICATION_EXPIRY",
                    "24h",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(30),
                    "Life of a verification link."
                ),
                read.Duration(
                    "PASSWORD_RESET_EXPIRY",
                    "1h",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(1),
                    "Life of a link that resets a password."
                ),
                read.Duration(
                    "EMAIL_CHANGE_EXPIRY",
                    "1h",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(1),
                    "Life of a link that confirms a new address."
                ),
                read.Optional("SMTP_HOST", "Mail server; unset in Development: mail goes to /dev/mail."),
                read.Whole("SMTP_PORT", 587, 1, 65_535, "Port of the mail server."),
                read.Optional("SMTP_USER", "Login at the mail server."),
                read.Optional("SMTP_PASS", "Password at the mail server.", secret: true),
                read.Flag("SMTP_TLS", true, "STARTTLS; off only for a server on this machine."),
                read.Text("SMTP_FROM", "Mana <noreply@mana.how>", "Sender of every mail.")
            ),
            Accounts = new AccountSettings(
                read.Flag("DELETE_USER_BY_MAIL", false, "On: /api/auth/delete-user mails a link, and erases when it is followed."),
                read.Duration(
                    "DELETE_USER_LINK_EXPIRY",
                    "24h",
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(7),
                    "Life of a link that erases."
                )
            ),
            Credits = new CreditSettings(
                read.Amount("CREDITS_SIGNUP_BONUS", 150, "Free credits of a new person; 0 gives none."),
                read.Amount("CREDITS_DAILY_FREE", 5, "Free credits per 24 hours; 0 gives none."),
                read.Whole(
                    "CREDITS_QUEUE_MAX",
                    2_048,
                    1,
                    100_000,
                    "Spendings that may wait for the next commit; beyond it the answer is 503."
                ),
                read.Optional(
                    "SEAL_LOG",
                    "File that keeps the head of every seal of the books, on another disk than the database; unset: only the log has them."
                )
            ),
            Telemetry = new TelemetrySettings(
                read.OneOf("LOG_LEVEL", "info", ["debug", "info", "warn", "error"], "Least severe log line that is written."),
                read.Optional("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces and metrics are sent by OTLP; unset: nowhere.")
            ),
            Warnings = [.. IgnoredNames.Where(environment.ContainsKey).Select(name => $"{name} is set and ignored.")],
        };
        var isProduction = !settings.IsDevelopment;
        read.ProblemUnless(!isProduction || settings.Http.RateLimits, "RATE_LIMITS may not be off in Production.");
        read.ProblemUnless(
            settings.Http.CookieSameSite != "None" || settings.Http.IsSecure,
            "COOKIE_SAMESITE=None needs a BASE_URL with https."
        );
        read.ProblemUnless(
            !settings.Database.IsPooled || settings.Database.ListenUrl is not null,
            "LISTEN_DATABASE_URL is missing: with DATABASE_POOLED the feed needs a direct connection of its own."
        );
        CheckKeyTimes(read, settings.Tokens, isProduction);
        CheckAddresses(read);
        CheckKeks(read, settings.Secrets);
        read.ThrowIfWrong();

        return settings with
        {
            Emails = settings.Emails with { RequireVerification = settings.Emails.RequireVerification ?? isProduction },
            Passwords = settings.Passwords with { RefusesCommon = settings.Passwords.RefusesCommon ?? isProduction },
        };
    }

    internal static void CheckAddresses(SettingsReader read)
    {
        const string noDatabase = "is not a database address that can be read.";
        read.ProblemIfUnusable("DATABASE_URL", value => PostgresUrl.ToConnectionString(value), noDatabase);
        read.ProblemIfUnusable("LISTEN_DATABASE_URL", value => PostgresUrl.ToConnectionString(value), noDatabase);
        read.ProblemIfUnusable("LISTEN_ADDRESS", value => IPAddress.Parse(value), "is not an IP address.");
    }

    internal static void CheckKeks(SettingsReader read, SecretSettings secrets)
    {
        const string noKek = "is not the base64 of 32 random bytes.";
        const string noId = "is not 1 to 32 characters of a-z, 0-9 and hyphen.";
        const string noList = "is not a list of id:base64, each with 32 random bytes.";
        read.ProblemIfUnusable("MANA_AUTH_KEK", value => Kek.Parse("checked", value), noKek);
        read.ProblemIfUnusable("MANA_AUTH_KEK_ID", value => Kek.Parse(value, SecretSettings.DevelopmentKek), noId);
        read.ProblemIfUnusable("MANA_AUTH_KEK_PREVIOUS", _ => secrets.Earlier(), noList);
        read.ProblemUnless(secrets.HasDistinctIds, "MANA_AUTH_KEK_PREVIOUS names a key twice, or the one of MANA_AUTH_KEK_ID.");
    }

    private static void CheckKeyTimes(SettingsReader read, TokenSettings tokens, bool isProduction)
    {
        read.ProblemUnless(
            tokens.KeyRotate > tokens.KeyAnnounce,
            "JWT_KEY_ROTATE is not longer than JWT_KEY_ANNOUNCE: a key has to be announced while another signs."
        );
        read.ProblemUnless(
            tokens.KeyRetire >= tokens.AccessLifetime + AccessTokens.Leeway,
            "JWT_KEY_RETIRE is shorter than JWT_ACCESS_TOKEN_EXPIRY: tokens would outlive their key."
        );
        read.ProblemUnless(
            !isProduction || tokens.KeyAnnounce >= TimeSpan.FromMinutes(10),
            "JWT_KEY_ANNOUNCE is shorter than 10m, but key sets are kept for 5m."
        );
    }
}

public sealed record DatabaseSettings(string Url, string? ListenUrl, bool IsPooled, int PoolMax);

public sealed record HttpSettings(
    int Port,
    int MetricsPort,
    string ListenAddress,
    bool? InlineSockets,
    Uri BaseUrl,
    Uri FrontendUrl,
    IReadOnlyList<string> CorsOrigins,
    IReadOnlyList<string> MoreTrustedOrigins,
    IReadOnlyList<string> AllowedHosts,
    IReadOnlyList<string> TrustedProxies,
    bool? ShowsApi,
    bool RateLimits,
    int RateLimitSeconds,
    int RateLimitMax,
    int RateLimitUserMax,
    int RateLimitAppMax,
    bool OpensPublicPathsToServices,
    string? CookieDomain,
    string CookieSameSite,
    int SessionsPerBrowserMax
)
{
    /// <summary>The highest <see cref="SessionsPerBrowserMax"/>: each is a cookie that comes with every request.</summary>
    public const int SessionsPerBrowserLimit = 20;

    /// <summary>Cookies carry <c>__Secure-</c> and <c>Secure</c> exactly when the public address is https (ruling 32).</summary>
    public bool IsSecure => BaseUrl.Scheme == Uri.UriSchemeHttps;

    public string Origin => BaseUrl.GetLeftPart(UriPartial.Authority);
}

public sealed record SecretSettings(
    string BetterAuthSecret,
    string? PreviousBetterAuthSecret,
    string Kek,
    string KekId,
    IReadOnlyList<string> PreviousKeks,
    string ServiceKey
)
{
    /// <summary>Public on purpose: a checkout runs without set-up, and Production refuses it.</summary>
    public const string DevelopmentKek = "bWFuYS1jb3JlLWF1dGgtZGV2ZWxvcG1lbnQta2V5LTE=";

    /// <summary>The secret new things are made with, then the one before it, which is still accepted (ruling 6).</summary>
    public IEnumerable<string> BetterAuthSecrets =>
        PreviousBetterAuthSecret is { } previous ? [BetterAuthSecret, previous] : [BetterAuthSecret];

    /// <summary>Hashes for one purpose: with the secret new things are made with, then with the one before it.</summary>
    public KeyedHash[] Hashes(string purpose) =>
        [.. BetterAuthSecrets.Select(secret => KeyedHash.From(Encoding.UTF8.GetBytes(secret), purpose))];

    /// <summary>Seals with the key-encryption key, and opens with it and the earlier ones.</summary>
    public Sealer Sealer() => new(Protocols.Sealing.Kek.Parse(KekId, Kek), Earlier());

    /// <exception cref="FormatException">One of them has no name.</exception>
    /// <exception cref="ArgumentException">The name or the key of one cannot be used.</exception>
    public Kek[] Earlier() =>
        [
            .. PreviousKeks.Select(entry =>
                entry.Split(':', 2) is [var id, var base64]
                    ? Protocols.Sealing.Kek.Parse(id, base64)
                    : throw new FormatException("An earlier key is written id:base64.")
            ),
        ];

    /// <summary>Envelopes name their key by its id alone.</summary>
    public bool HasDistinctIds =>
        PreviousKeks.Select(entry => entry.Split(':')[0]).Append(KekId).Distinct(StringComparer.Ordinal).Count() == PreviousKeks.Count + 1;
}

public sealed record TokenSettings(
    string Issuer,
    string Audience,
    TimeSpan AccessLifetime,
    TimeSpan KeyAnnounce,
    TimeSpan KeyRotate,
    TimeSpan KeyRetire
)
{
    /// <summary>The highest <see cref="AccessLifetime"/> (ruling 5).</summary>
    public static readonly TimeSpan AccessLifetimeMax = TimeSpan.FromMinutes(15);
}

public sealed record SessionSettings(
    TimeSpan Lifetime,
    TimeSpan RememberedLifetime,
    TimeSpan UpdateAge,
    TimeSpan AbsoluteLifetime,
    TimeSpan FreshAge,
    TimeSpan ReuseWindow,
    int PerPersonMax,
    int CacheMax,
    int TokenCacheMax,
    int QueueMax
)
{
    /// <summary>The highest <see cref="PerPersonMax"/>, and the most one list shows.</summary>
    public const int PerPersonLimit = 1_000;

    /// <summary>A session of somebody who asked not to be remembered (wire section 2.6).</summary>
    public static readonly TimeSpan UnrememberedLifetime = TimeSpan.FromDays(1);
}

public sealed record PasswordSettings(int LengthMin, int MemoryKib, int Passes, int QueueMax, bool? RefusesCommon)
{
    public const int LengthMax = 128;
}

/// <param name="DailyMax">0 is no limit.</param>
public sealed record SignUpSettings(string Disclosure, int DailyMax)
{
    public bool IsHidden => Disclosure == "hidden";
}

public sealed record EmailSettings(
    bool? RequireVerification,
    string Links,
    TimeSpan VerificationLifetime,
    TimeSpan ResetLifetime,
    TimeSpan ChangeLifetime,
    string? SmtpHost,
    int SmtpPort,
    string? SmtpUser,
    string? SmtpPassword,
    bool SmtpTls,
    string From
)
{
    public bool LinksArePages => Links == "page";

    public bool IsVerificationRequired => RequireVerification == true;
}

/// <param name="ErasesByMail">A wish to be erased leads to a link in a mail, as the wire's option for it does.</param>
public sealed record AccountSettings(bool ErasesByMail, TimeSpan ErasureLinkLifetime);

/// <param name="SealLog">A file outside the database that keeps the heads of seals.</param>
public sealed record CreditSettings(long SignupBonus, long DailyFree, int QueueMax, string? SealLog);

public sealed record TelemetrySettings(string LogLevel, string? OtlpEndpoint);
