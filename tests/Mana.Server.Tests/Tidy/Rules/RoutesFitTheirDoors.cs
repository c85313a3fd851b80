using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// Reading <c>Routes.cs</c> is reading the surface: whole paths, doors found by the name of the path, and the folder of a door says the
/// surface and who may call. A second line for the same door is an alias, so the first one gives the name.
/// </summary>
public static class RoutesFitTheirDoors
{
    private static readonly Dictionary<string, string> Surfaces = new(StringComparer.Ordinal)
    {
        ["V1"] = "/api/v1/",
        ["BetterAuth"] = "/api/auth/",
    };

    private static readonly Dictionary<string, string> Accesses = new(StringComparer.Ordinal)
    {
        ["Admin"] = "Admin",
        ["Internal"] = "Service",
    };

    public static IEnumerable<Breach> Breaches(Sources sources)
    {
        var lines = RouteLine.All(sources);
        var routed = lines.Select(line => line.Door).ToHashSet<ISymbol?>(SymbolEqualityComparer.Default);

        return
        [
            .. lines.SelectMany(OfEachLine),
            .. lines.GroupBy(line => line.Door, SymbolEqualityComparer.Default).SelectMany(OfFirstLine),
            .. sources.AllTrees.Where(tree => tree.Door() is not null).SelectMany(tree => OfFile(tree, sources, routed)),
        ];
    }

    private static IEnumerable<Breach> OfEachLine(RouteLine line)
    {
        if (line.Path is null || !line.Path.StartsWith('/'))
        {
            yield return Breach.At(line.Node, "the path is not one whole literal");
        }

        var folder = line.Door?.DeclaredIn()?.Door();
        if (folder is null)
        {
            yield return Breach.At(line.Node, "the handler is not the method of a door");
        }
        else if (Accesses.TryGetValue(folder, out var access) ? line.Access != access : Accesses.ContainsValue(line.Access))
        {
            yield return Breach.At(line.Node, $"a door in {folder} may not be open to {line.Access}");
        }
    }

    private static IEnumerable<Breach> OfFirstLine(IEnumerable<RouteLine> aliases)
    {
        var line = aliases.First();
        if (line is not { Door: { } door, Path: { } path })
        {
            yield break;
        }

        if (
            door.DeclaredIn()?.Door() is { } folder
            && Surfaces.TryGetValue(folder, out var start)
            && !path.StartsWith(start, StringComparison.Ordinal)
        )
        {
            yield return Breach.At(line.Node, $"a door in {folder} answers below {start}");
        }

        if (!DoorName.Fits(door.Name, line.Verb, path))
        {
            yield return Breach.At(line.Node, $"{door.Name} is not named after {line.Verb} and the last words of {path}");
        }

        foreach (var other in aliases.Where(other => other.Verb != line.Verb))
        {
            yield return Breach.At(other.Node, $"{door.Name} answers {line.Verb} already");
        }
    }

    private static IEnumerable<Breach> OfFile(SyntaxTree tree, Sources sources, HashSet<ISymbol?> routed)
    {
        var model = sources.Model(tree);
        foreach (var node in tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
        {
            var door = (INamedTypeSymbol)model.GetDeclaredSymbol(node)!;
            if (!DoorsAreLeaves.IsDoor(door))
            {
                continue;
            }

            if (door.Name != Path.GetFileNameWithoutExtension(tree.FilePath))
            {
                yield return Breach.At(node, $"the door {door.Name} stands in a file of another name");
            }

            if (!routed.Contains(door))
            {
                yield return Breach.At(node, $"no route leads to {door.Name}");
            }
        }
    }
}
