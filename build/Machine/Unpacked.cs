namespace Mana.Build.Machine;

/// <summary>Things unpacked once into the cache, complete or not at all.</summary>
internal static class Unpacked
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// The folder of that name in the cache, filled on first use. Filled under another name and then renamed, so that a program killed in
    /// between leaves nothing that looks finished; made readable for all, because as root another account executes it.
    /// </summary>
    public static async Task<string> Once(Toolbox tools, string name, Func<string, Task> fill)
    {
        var folder = Path.Combine(tools.Folders.Cache, name);
        if (Directory.Exists(folder))
        {
            return folder;
        }
        using var held = await FileLock.Exclusive(Path.Combine(tools.Folders.Cache, "lock"), $"fetching {name}", tools.Stop);
        if (Directory.Exists(folder))
        {
            return folder;
        }
        foreach (var half in Directory.GetDirectories(tools.Folders.Cache, name + ".half-*"))
        {
            Directory.Delete(half, recursive: true);
        }
        var workshop = Path.Combine(tools.Folders.Cache, $"{name}.half-{Environment.ProcessId}");
        Directory.CreateDirectory(workshop);
        try
        {
            await fill(workshop);
            OpenForReading(workshop);
            Directory.Move(workshop, folder);
        }
        catch
        {
            Directory.Delete(workshop, recursive: true);
            throw;
        }
        return folder;
    }

    private static void OpenForReading(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var links = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | ForAll | Enter);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", links))
        {
            var extra = entry is DirectoryInfo || entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Enter : UnixFileMode.None;
            entry.UnixFileMode |= ForAll | extra;
        }
    }
}
