using System.Runtime.InteropServices;
using System.Text.Json;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>The programs as they ship: optimised, and the server compiled ahead as in its container.</summary>
/// <param name="UnprovenDll">The server without the hashes and seals of its ledger; null where nobody asks for it.</param>
internal sealed record Released(string ServerDll, string CeilingDll, string? UnprovenDll)
{
    private const string WithoutProofs = "bench/without-proofs.json";

    private static readonly JsonSerializerOptions Plain = new() { PropertyNameCaseInsensitive = true };

    public static async Task<Released> Build(Toolbox tools, bool withUnproven)
    {
        Say.Line("publishing the server and the ceiling ...");
        return new Released(
            await Server(tools),
            await Publish(tools, "bench/ceiling/Ceiling.csproj", "ceiling.dll", []),
            withUnproven ? await Unproven(tools) : null
        );
    }

    private static Task<string> Server(Toolbox tools) =>
        Publish(tools, "src/Mana.Server/Mana.Server.csproj", "mana-server.dll", ["-p:PublishReadyToRun=true", "-p:RunAnalyzers=false"]);

    /// <summary>Nobody may switch proofs off, so the server without them is another program: the sources with a few places taken out.</summary>
    private static async Task<string> Unproven(Toolbox tools)
    {
        Say.Line("publishing a server without proofs ...");
        var copy = await SourceCopy.Make(tools, "without-proofs");
        await using var file = File.OpenRead(tools.Checkout.In(WithoutProofs.Split('/')));
        foreach (var edit in await JsonSerializer.DeserializeAsync<Edit[]>(file, Plain, tools.Stop) ?? [])
        {
            await SourceCopy.Apply(edit, copy, WithoutProofs);
        }
        return await Server(copy);
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
