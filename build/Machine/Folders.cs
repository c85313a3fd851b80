namespace Mana.Build.Machine;

/// <summary>
/// Where the command keeps things outside the checkout: the state of this checkout (clusters, passwords) and a cache that all checkouts
/// share. As root both lie where the account that runs PostgreSQL can reach them; a checkout below root's home it could not.
/// </summary>
internal sealed record Folders(string State, string Cache)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Readable = Passable | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static async Task<Folders> For(Checkout checkout)
    {
        if (OperatingSystem.IsWindows())
        {
            var local = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "mana");
            return new Folders(Directory.CreateDirectory(Path.Combine(local, checkout.Name)).FullName, local);
        }
        if (Libc.IsRoot)
        {
            return new Folders(
                await Own($"/var/tmp/mana-{checkout.Name}", Passable),
                await Own(OperatingSystem.IsLinux() ? "/var/cache/mana" : "/var/tmp/mana-cache", Readable)
            );
        }
        var cache = await UserCache();
        return new Folders(await Own(Path.Combine(cache, checkout.Name), Private), cache);
    }

    /// <summary>A folder below the state, for one purpose.</summary>
    public string ForPurpose(string purpose)
    {
        var folder = Path.Combine(State, purpose);
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, Libc.IsRoot ? Passable : Private);
        return folder;
    }

    private static async Task<string> UserCache()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder =
            OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named
            : Path.Combine(home, ".cache");
        try
        {
            if (Path.IsPathRooted(folder))
            {
                Directory.CreateDirectory(folder);
                return await Own(Path.Combine(folder, "mana"), Private);
            }
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            Say.Line($"{folder} cannot be written ({refused.Message}); using /var/tmp instead");
        }
        return await Own($"/var/tmp/mana-{(OperatingSystem.IsWindows() ? 0 : Libc.EffectiveUser())}", Private);
    }

    /// <summary>
    /// Makes a folder of ours or refuses it: /var/tmp is open to everybody, and who got there first would read our passwords and choose
    /// what we execute.
    /// </summary>
    private static async Task<string> Own(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return path;
        }
        Directory.CreateDirectory(path, mode);
        if (await Ownership.Of(path) is not { IsFolder: true } found || found.User != Libc.EffectiveUser())
        {
            throw new Failure(
                $"{path} exists but is not a folder of ours; somebody else made it.",
                $"look at it and remove it: rm -r {path}",
                "set DATABASE_URL to a server of your own"
            );
        }
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
