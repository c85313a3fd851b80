using System.Runtime.InteropServices;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>The programs as they ship: optimised, and the server compiled ahead as in its container.</summary>
internal sealed record Released(string ServerDll, string CeilingDll)
{
    public static async Task<Released> Build(Toolbox tools)
    {
        Say.Line("publishing the server and the ceiling ...");
        return new Released(
            await Publish(tools, "src/Mana.Server/Mana.Server.csproj", "mana-server.dll", ["-p:PublishReadyToRun=true"]),
            await Publish(tools, "bench/ceiling/Ceiling.csproj", "ceiling.dll", [])
        );
    }

    private static async Task<string> Publish(Toolbox tools, string project, string dll, string[] options)
    {
        var folder = tools.Checkout.In("artifacts", "bench", Path.GetFileNameWithoutExtension(dll));
        var exitCode = await Run.Visibly(
            new Invocation(
                tools.Dotnet,
                [
                    "publish",
                    project,
                    "--configuration",
                    "Release",
                    "--runtime",
                    RuntimeInformation.RuntimeIdentifier,
                    "--self-contained",
                    "false",
                    "--output",
                    folder,
                    // Beside the developer's own artifacts: a restore for one platform would make the next build restore again.
                    $"-p:ArtifactsPath={tools.Checkout.In("artifacts", "bench", "build")}",
                    "-nodeReuse:false",
                    "-verbosity:quiet",
                    "-nologo",
                    .. options,
                ]
            )
            {
                Folder = tools.Checkout.Root,
            },
            tools.Stop
        );
        tools.Stop.ThrowIfCancellationRequested();
        return exitCode == 0 ? Path.Combine(folder, dll) : throw new Failure($"{project} cannot be published.");
    }
}
