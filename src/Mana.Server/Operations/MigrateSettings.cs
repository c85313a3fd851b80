using System.Globalization;
using Mana.Platform.Database;
using Mana.Platform.Database.Migrations;

namespace Mana.Operations;

/// <summary>What <c>migrate</c> reads from the environment; an empty value counts as unset. No message repeats a value.</summary>
public sealed class MigrateSettings(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>What the reference page lists.</summary>
    public static IReadOnlyList<SettingDeclaration> Declarations { get; } =
    [
        new("MIGRATION_DATABASE_URL", "", "The login mana_owner on a direct connection; default: DATABASE_URL.", IsSecret: true),
        new("MIGRATION_TIMEOUT", "300", "Seconds to wait for another migrator.", Allowed: $"1 to {LockSecondsMax}"),
        new("ADMIN_DATABASE_URL", "", "For --roles: a superuser, or a login with CREATEROLE and CREATEDB.", IsSecret: true),
        new("DATABASE_URL", "", "For --roles: the login mana_app, whose password becomes that of the role.", IsSecret: true),
        new("READ_DATABASE_URL", "", "For --roles: the login mana_read, if somebody signs in with it.", IsSecret: true),
    ];

    /// <summary>MIGRATION_TIMEOUT: how long to wait for the lock, 1 second to a day, 300 seconds unless set.</summary>
    /// <exception cref="MigrationException">It is not a whole number in those bounds.</exception>
    public TimeSpan LockTimeout { get; } =
        environment.GetValueOrDefault("MIGRATION_TIMEOUT") is not { Length: > 0 } text ? DefaultLockTimeout
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LockSecondsMax
            ? TimeSpan.FromSeconds(seconds)
        : throw new MigrationException($"MIGRATION_TIMEOUT is a whole number of seconds from 1 to {LockSecondsMax}");

    /// <summary>The connection string migrations run with: MIGRATION_DATABASE_URL, else DATABASE_URL.</summary>
    /// <exception cref="MigrationException">Neither is set.</exception>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public string Migration() =>
        Optional("MIGRATION_DATABASE_URL")
        ?? Optional("DATABASE_URL")
        ?? throw new MigrationException("set MIGRATION_DATABASE_URL to the address of the database, with the login mana_owner");

    /// <summary>The logins <c>--roles</c> works with.</summary>
    /// <exception cref="MigrationException">One of the three needed addresses is not set.</exception>
    public RoleLogins Logins()
    {
        string[] missing = [.. Needed.Where(name => Optional(name) is null)];
        return missing.Length > 0
            ? throw new MigrationException(
                $"--roles needs {string.Join(", ", missing)}: ADMIN_DATABASE_URL signs in as a role that may create roles"
            )
            : new(Optional(Needed[0])!, Optional(Needed[1])!, Optional(Needed[2])!, Optional("READ_DATABASE_URL"));
    }

    private const int LockSecondsMax = 86_400;

    private static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(300);

    private static readonly string[] Needed = ["ADMIN_DATABASE_URL", "MIGRATION_DATABASE_URL", "DATABASE_URL"];

    private string? Optional(string name)
    {
        if (environment.GetValueOrDefault(name) is not { Length: > 0 } url)
        {
            return null;
        }

        try
        {
            return PostgresUrl.ToConnectionString(url);
        }
        catch (FormatException problem)
        {
            throw new MigrationException($"{name}: {problem.Message}", problem);
        }
    }
}
