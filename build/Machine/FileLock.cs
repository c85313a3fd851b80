namespace Mana.Build.Machine;

/// <summary>
/// A lock between processes that the operating system drops with the process, however it ends: on Unix .NET takes an flock that is
/// exclusive for FileShare.None and shared otherwise, on Windows the sharing mode itself does it.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Waits until nobody else holds the lock, and says so when that takes long.</summary>
    public static async Task<IDisposable> Exclusive(string path, string what, CancellationToken stop)
    {
        var since = DateTime.UtcNow;
        var told = false;
        while (true)
        {
            if (TryExclusive(path) is { } held)
            {
                return held;
            }
            var waited = DateTime.UtcNow - since;
            if (waited > Limit)
            {
                throw new Failure(
                    $"Another ./mana holds {path} for more than {Limit.TotalMinutes:0} minutes ({what}).",
                    "end it and try again"
                );
            }
            if (!told && waited > Quiet)
            {
                told = true;
                Say.Line($"waiting for another ./mana ({what})");
            }
            await Task.Delay(Pause, stop);
        }
    }

    /// <summary>The lock, or null when anybody holds it, shared or not.</summary>
    public static IDisposable? TryExclusive(string path) => TryOpen(path, FileShare.None);

    /// <summary>Any number of holders beside one another; only asked for while no exclusive holder can exist.</summary>
    public static IDisposable Shared(string path) =>
        TryOpen(path, FileShare.ReadWrite) ?? throw new Failure($"{path} is locked by another program.");

    private static FileStream? TryOpen(string path, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Whoever can open a file can lock it; as root the folder can be entered by all.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
