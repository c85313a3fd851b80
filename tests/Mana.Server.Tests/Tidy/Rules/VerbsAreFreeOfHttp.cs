using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy.Rules;

/// <summary>Nouns and verbs do not know that there is HTTP: another surface, a job or a command can use them as they are.</summary>
public static class VerbsAreFreeOfHttp
{
    private static readonly string[] Http = ["Microsoft.AspNetCore", "System.Net.Http", "Mana.Protocols.Cookies"];

    // The documents of the last are written from the endpoints of the real server.
    private static readonly string[] Folders = ["Web/", "Platform/Http/", "Platform/Telemetry/", "Operations/Docs/"];

    private static readonly string[] Frame = ["App.cs", "Routes.cs", "Program.cs"];

    public static IEnumerable<Breach> Breaches(Sources sources) =>
        sources
            .Uses.Where(use => use.Node.SyntaxTree.IsServer() && !MaySpeakHttp(use.Node.SyntaxTree))
            .Where(use => Http.Any(name => use.Namespace == name || use.Namespace.StartsWith(name + ".", StringComparison.Ordinal)))
            .Select(use => Breach.At(use.Node, $"{use.Type.Name} is HTTP and belongs into a door"))
            .Distinct();

    private static bool MaySpeakHttp(SyntaxTree tree)
    {
        var path = tree.InServer();

        return tree.Door() is not null
            || Frame.Contains(path)
            || Folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))
            || (path.StartsWith("Operations/", StringComparison.Ordinal) && path.EndsWith("Command.cs", StringComparison.Ordinal));
    }
}
