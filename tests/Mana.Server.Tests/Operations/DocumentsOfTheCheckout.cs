using System.Text.RegularExpressions;

namespace Mana.Specs.Operations;

/// <summary>The documents of this checkout, found from the folder the specs run in.</summary>
internal static partial class DocumentsOfTheCheckout
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Every file of that ending that somebody wrote or generated, as absolute paths.</summary>
    public static IEnumerable<string> All(string ending) => Below(Root).Where(file => file.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>The text without what Markdown does not read as prose: code blocks and code in a line.</summary>
    public static string Prose(string markdown) => InlineCode().Replace(CodeBlock().Replace(markdown, ""), "");

    /// <summary>Fails with every offender in full; the assertion of the framework shows the beginning of the first few.</summary>
    public static void ExpectNone(IEnumerable<string> offenders)
    {
        var all = offenders.ToArray();
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(path => Path.GetFileName(path) is not ("artifacts" or "node_modules") && Path.GetFileName(path)[0] != '.')
            .SelectMany(Below)
            .Concat(Directory.EnumerateFiles(folder));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("The specs do not run inside a checkout.")
        : File.Exists(Path.Combine(folder.FullName, "ManaCoreAuth.slnx")) ? folder.FullName
        : Find(folder.Parent);

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();
}
