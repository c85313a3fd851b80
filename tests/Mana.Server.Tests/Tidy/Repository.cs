using System.Diagnostics;

namespace Mana.Specs.Tidy;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
public sealed record TextFile(string Path, string Text)
{
    /// <summary>Lines with their numbers, counted from 1.</summary>
    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line.TrimEnd('\r')));
}

/// <summary>The working copy these specs were built from.</summary>
public static class Repository
{
    private const string Mark = "ManaCoreAuth.slnx";

    private static readonly TimeSpan ProgramTimeMax = TimeSpan.FromMinutes(3);

    public static string Root { get; } = FindRoot();

    public static TextFile Read(string path) => new(path, File.ReadAllText(Full(path)));

    public static string Full(string path) => Path.Combine(Root, path);

    /// <summary>What is committed, and what would be with the next <c>git add</c>.</summary>
    public static IReadOnlyList<string> Tracked()
    {
        // A checkout that belongs to somebody else (a container, another account) may be read all the same.
        var (exit, output) = Run(
            Root,
            "git",
            "-c",
            "safe.directory=*",
            "-c",
            "core.quotePath=off",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard"
        );
        Assert.True(exit == 0, output);

        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Full(path)))];
    }

    public static IReadOnlyList<TextFile> TrackedTexts() =>
        [.. Tracked().Select(Read).Where(file => !file.Text.Contains('\0', StringComparison.Ordinal))];

    /// <summary>Runs a program to its end; the output holds both streams.</summary>
    public static (int Exit, string Output) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(ProgramTimeMax))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end.");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable("MANA_ROOT") is { Length: > 0 } told)
        {
            return Path.GetFullPath(told);
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Mark)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No {Mark} above {AppContext.BaseDirectory}: set MANA_ROOT.");
    }
}
