using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>
/// The data of one cluster: made by initdb under a name of its own and renamed when it is complete, so that a start that was killed
/// leaves nothing that looks like a database. One per major version, because PostgreSQL reads no other's.
/// </summary>
internal sealed class DataFolder(Purpose purpose, Binaries binaries, string parent)
{
    private const string SuperuserName = "mana";
    private const string Half = ".half-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where the three programs of PostgreSQL may work: everybody concerned can enter it.</summary>
    public string Parent => parent;

    public string Path { get; } = System.IO.Path.Combine(parent, $"data-{binaries.Major}");

    /// <summary>Inside the data folder, because only there the account of PostgreSQL can write.</summary>
    public string Log => System.IO.Path.Combine(Path, "server.log");

    public Binaries Binaries => binaries;

    public Purpose Purpose => purpose;

    public static string Superuser => SuperuserName;

    private string Secrets => Path + ".passwords";

    /// <summary>The account PostgreSQL runs as: the owner of the data when there is some, since PostgreSQL accepts no other.</summary>
    public async Task<Account?> Account()
    {
        var account = await Machine.Account.ForPostgres();
        return account is not null && await Ownership.Of(Path) is { } owner && owner.User != account.User
            ? await Machine.Account.Called(owner.Name) ?? account
            : account;
    }

    /// <summary>The passwords of complete data; data is made first when there is none.</summary>
    public async Task<Passwords> Ensure(CancellationToken stop)
    {
        RemoveLeftovers();
        if (Passwords.Read(Secrets) is { } passwords && IsComplete())
        {
            return passwords;
        }
        PutAside("is incomplete");
        stop.ThrowIfCancellationRequested();
        passwords = Passwords.Draw(Secrets);
        await Make(passwords.Superuser);
        return passwords;
    }

    /// <summary>Data that cannot be used makes room: a developer's under another name, any other for good.</summary>
    public void PutAside(string why)
    {
        if (!Directory.Exists(Path))
        {
            return;
        }
        if (!purpose.IsPrecious)
        {
            Directory.Delete(Path, recursive: true);
            return;
        }
        var aside = Path + DateTime.UtcNow.ToString(".yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        Directory.Move(Path, aside);
        Say.Line($"the {purpose.Name} database {why}; it was moved to {aside} and a new one is made");
    }

    /// <summary>Runs one of the three programs as the account that owns the data, with an environment that tells nothing.</summary>
    public async Task<Invocation> Program(string name, params string[] arguments) =>
        new(binaries.Program(name), arguments)
        {
            Folder = parent,
            User = (await Account())?.Name,
            InheritsEnvironment = OperatingSystem.IsWindows(),
            Environment = new Dictionary<string, string?>(Binaries.LibraryPath(binaries.Libraries), StringComparer.Ordinal)
            {
                ["PATH"] = OperatingSystem.IsWindows() ? Toolbox.Setting("PATH") : "/usr/bin:/bin",
                ["LC_ALL"] = OperatingSystem.IsMacOS() ? "C" : "C.UTF-8",
                ["HOME"] = parent,
            },
        };

    private bool IsComplete()
    {
        var control = new FileInfo(System.IO.Path.Combine(Path, "global", "pg_control"));
        return File.Exists(System.IO.Path.Combine(Path, "PG_VERSION")) && control is { Exists: true, Length: > 0 };
    }

    private async Task Make(string password)
    {
        var workshop = $"{Path}{Half}{Environment.ProcessId}";
        var passwordFile = workshop + ".password";
        try
        {
            Passwords.WriteForOwner(passwordFile, password + "\n");
            Directory.CreateDirectory(workshop);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(workshop, OwnerOnly);
                if (await Account() is { } account)
                {
                    Libc.GiveAway(workshop, account);
                    Libc.GiveAway(passwordFile, account);
                }
            }
            var answer = await Run.Quietly(await InitDb(workshop, passwordFile));
            if (answer.Failed)
            {
                throw new Failure(
                    $"initdb of {binaries.Folder} failed: {answer.Output.Trim()}",
                    "set MANA_PG_BIN to another PostgreSQL",
                    "set DATABASE_URL to a server of your own"
                );
            }
            Directory.Move(workshop, Path);
        }
        finally
        {
            Remove(workshop);
            Remove(passwordFile);
        }
    }

    private async Task<Invocation> InitDb(string folder, string passwordFile)
    {
        string[] hurry = purpose.IsDurable ? [] : ["--no-sync"];
        return await Program(
            "initdb",
            [
                "-D",
                folder,
                "-U",
                SuperuserName,
                "-A",
                "scram-sha-256",
                "--pwfile",
                passwordFile,
                "-E",
                "UTF8",
                "--locale=C",
                "--no-instructions",
                .. hurry,
            ]
        );
    }

    private void RemoveLeftovers()
    {
        foreach (var left in Directory.EnumerateFileSystemEntries(parent, "*" + Half + "*").ToArray())
        {
            try
            {
                Remove(left);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                // The initdb of a killed ./mana still works there, or clears up itself; the next start finds what it leaves.
            }
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        File.Delete(path);
    }
}
