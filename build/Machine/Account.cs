using System.Globalization;

namespace Mana.Build.Machine;

/// <summary>An account of the operating system, by name and number.</summary>
internal sealed record Account(string Name, uint User, uint Group)
{
    /// <summary>The account PostgreSQL runs as: null for ourselves; it refuses root, so root lends it another one.</summary>
    public static async Task<Account?> ForPostgres() =>
        OperatingSystem.IsWindows() || !Libc.IsRoot
            ? null
            : await Called("postgres")
                ?? await Called("nobody")
                ?? throw new Failure(
                    "PostgreSQL does not run as root, and this machine has neither the account postgres nor nobody.",
                    "run ./mana as an ordinary user",
                    "create an account: useradd --system postgres",
                    "set DATABASE_URL to a server of your own"
                );

    /// <summary>The account by its name, or null when there is none.</summary>
    public static async Task<Account?> Called(string name)
    {
        var user = await Run.Quietly(new Invocation("id", "-u", name));
        var group = await Run.Quietly(new Invocation("id", "-g", name));
        return user.Failed || group.Failed ? null : new Account(name, Number(user.Output), Number(group.Output));
    }

    // macOS writes the number of nobody as -2.
    private static uint Number(string text) => unchecked((uint)long.Parse(text.Trim(), CultureInfo.InvariantCulture));
}
