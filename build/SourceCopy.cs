using Mana.Build.Machine;

namespace Mana.Build;

/// <param name="File">Below the root, with slashes.</param>
/// <param name="Find">Text that stands once in the file.</param>
/// <param name="Put">What takes its place.</param>
internal record Edit(string File, string Find, string Put);

/// <summary>The sources as they lie here, committed or not, in another folder where they may be changed; all of them new to the compiler.</summary>
internal static class SourceCopy
{
    /// <returns>The tools of a checkout that is the copy.</returns>
    public static async Task<Toolbox> Make(Toolbox tools, string name)
    {
        var copy = tools with { Checkout = new Checkout(tools.Checkout.In("artifacts", name)) };
        var listed = (
            await Run.Quietly(
                new Invocation("git", ["ls-files", "--cached", "--others", "--exclude-standard"]) { Folder = tools.Checkout.Root },
                tools.Stop
            )
        ).OrFail("git ls-files");
        if (Directory.Exists(copy.Checkout.Root))
        {
            Directory.Delete(copy.Checkout.Root, recursive: true);
        }
        foreach (
            var file in listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(tools.Checkout.In(file)))
        )
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy.Checkout.In(file))!);
            File.Copy(tools.Checkout.In(file), copy.Checkout.In(file));
        }
        return copy;
    }

    /// <param name="list">The file the edit comes from, for whoever has to write it anew.</param>
    /// <returns>What stood in the file before.</returns>
    public static async Task<string> Apply(Edit edit, Toolbox copy, string list)
    {
        var path = PathOf(edit, copy);
        var before = await File.ReadAllTextAsync(path, copy.Stop);
        if (before.Split(edit.Find).Length != 2)
        {
            throw new Failure($"'{edit.Find}' stands not once in {edit.File}.", $"write its `find` in {list} anew");
        }
        await File.WriteAllTextAsync(path, before.Replace(edit.Find, edit.Put, StringComparison.Ordinal), copy.Stop);
        return before;
    }

    public static string PathOf(Edit edit, Toolbox copy) => copy.Checkout.In(edit.File.Split('/'));
}
