using Mana.Build.Machine;

namespace Mana.Build.Suites;

/// <summary>Whether every source is formatted; counted as one test.</summary>
internal static class FormatCheck
{
    public static async Task<Tally> Run(Toolbox tools)
    {
        var manifest = tools.Checkout.In(".config", "dotnet-tools.json");
        var stamp = new Stamp(tools.Checkout.In("artifacts", "mana", "tools.restored"));
        var print = Builds.Fingerprint([manifest]);
        if (!stamp.Says(print))
        {
            await tools.Downloads.Fetch(
                "the formatter",
                async () => (await Dotnet(tools, "tool", "restore")).OrFail("dotnet tool restore")
            );
            stamp.Write(print);
        }
        var check = await Dotnet(tools, "csharpier", "check", ".");
        if (!check.Failed)
        {
            Say.Line("format: every file is formatted");
            return Tally.OneSuccess;
        }
        var files = check
            .Output.Split('\n')
            .Where(line => line.StartsWith("Error ", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Say.Line($"format: {string.Join('\n', files.DefaultIfEmpty(check.Output.Trim()))}");
        Say.Line("format: dotnet csharpier format . writes it as it should be");
        return Tally.OneFailure with { Failures = ["the format of the sources"] };
    }

    private static Task<Answer> Dotnet(Toolbox tools, params string[] arguments) =>
        Machine.Run.Quietly(new Invocation(tools.Dotnet, arguments) { Folder = tools.Checkout.Root });
}
