using System.Runtime.InteropServices;
using Mana.Build.Machine;
using Mana.Build.Suites;

namespace Mana.Build.Benchmarks;

/// <summary>Better Auth on Hono, from the packages of npm that bench/peers pins, on Node and on Bun.</summary>
internal sealed class Peers
{
    public const string Node = "node";

    private readonly Toolbox tools;
    private readonly string folder;

    private Peers(Toolbox tools, string folder) => (this.tools, this.folder) = (tools, folder);

    /// <summary>The package carries the program for each system beside it; its install script would only move it.</summary>
    public string Bun =>
        Path.Combine(
            folder,
            "node_modules",
            "@oven",
            $"bun-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x64")}",
            "bin",
            "bun"
        );

    public static async Task<Peers> Install(Toolbox tools)
    {
        if ((await Run.Quietly(new Invocation(Node, "--version"))).Failed)
        {
            throw new Failure("The peers run on Node.js, which is missing.", "install Node.js 20 or newer with npm");
        }
        var folder = tools.Checkout.In("bench", "peers");
        await NpmPackages.Install(folder, tools);
        var peers = new Peers(tools, folder);
        return File.Exists(peers.Bun) ? peers : throw new Failure($"The packages of npm brought no Bun for this machine ({peers.Bun}).");
    }

    public async Task MakeTables(string database) =>
        (await Run.Quietly(Describe(Node, "setup.mjs", ForPeer(database)), tools.Stop)).OrFail("Making the tables of the peers");

    public Task<MeasuredProgram> Start(string program, string database, bool isAtBest) =>
        MeasuredProgram.Start(
            address =>
            {
                var environment = ForPeer(database);
                environment["PORT"] = $"{address.Port}";
                environment["BASE_URL"] = address.GetLeftPart(UriPartial.Authority);
                environment["AT_BEST"] = isAtBest ? "1" : "0";
                return Describe(program, "server.mjs", environment);
            },
            "/health",
            tools.Stop
        );

    private Invocation Describe(string program, string script, Dictionary<string, string?> environment) =>
        MeasuredProgram.Describe(program, [script], folder, environment);

    private static Dictionary<string, string?> ForPeer(string database) =>
        new(StringComparer.Ordinal) { ["NODE_ENV"] = "production", ["DATABASE_URL"] = database };
}
