using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>
/// A PostgreSQL of this checkout for one purpose. Several commands may use it at once: the first starts it, the last stops it, and one
/// that is left over after a SIGKILL is taken over by the next. Who uses it is a shared lock on a file, which no crash can leave behind.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly DataFolder data;
    private readonly IDisposable use;

    private Cluster(DataFolder data, IDisposable use, Postmaster server, Passwords passwords)
    {
        this.data = data;
        this.use = use;
        Passwords = passwords;
        Process = server.Process;
        Superuser = new DatabaseUrl(DataFolder.Superuser, passwords.Superuser, "127.0.0.1", server.Port, "postgres");
    }

    public Passwords Passwords { get; }

    public Binaries Binaries => data.Binaries;

    /// <summary>The postmaster, parent of all processes of this cluster.</summary>
    public int Process { get; }

    public DatabaseUrl Superuser { get; }

    public static async Task<Cluster> Start(Purpose purpose, Toolbox tools)
    {
        var binaries = await Binaries.Find(tools);
        var data = new DataFolder(purpose, binaries, tools.Folders.ForPurpose(purpose.Name));
        using var starting = await Starting(data, tools.Stop);
        var passwords = await data.Ensure(tools.Stop);
        var server = await Postmaster.Running(data) ?? await Postmaster.Start(data);
        if (server is null && !purpose.IsPrecious)
        {
            data.PutAside("does not start");
            passwords = await data.Ensure(tools.Stop);
            server = await Postmaster.Start(data);
        }
        if (server is null)
        {
            throw new Failure(
                $"PostgreSQL does not start on {data.Path}. Its last words:\n{await Postmaster.LastWords(data)}",
                $"when its data is of no use any more, move it away: mv {data.Path} {data.Path}.old",
                "set DATABASE_URL to a server of your own"
            );
        }
        return new Cluster(data, FileLock.Shared(Users(data)), server, passwords);
    }

    public async ValueTask DisposeAsync()
    {
        using var starting = await Starting(data, CancellationToken.None);
        use.Dispose();
        using var alone = FileLock.TryExclusive(Users(data));
        if (alone is not null)
        {
            await Postmaster.Stop(data);
        }
    }

    private static Task<IDisposable> Starting(DataFolder data, CancellationToken stop) =>
        FileLock.Exclusive(Path.Combine(data.Parent, "start.lock"), $"starting the {data.Purpose.Name} cluster", stop);

    private static string Users(DataFolder data) => data.Path + ".users";
}
