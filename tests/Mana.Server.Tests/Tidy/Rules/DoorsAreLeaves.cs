using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// A door has nothing to call but verbs: only <c>Routes.cs</c> knows it. What doors of one folder share (a page's components, a shape) may
/// be used inside that folder, as long as it is no door itself.
/// </summary>
public static class DoorsAreLeaves
{
    private const string Routes = "Routes.cs";

    public static IEnumerable<Breach> Breaches(Sources sources) =>
        sources
            .Uses.Where(use => use.Node.SyntaxTree.IsServer() && use.Node.SyntaxTree.InServer() != Routes)
            .Select(use => (use.Node, Target: Outermost(use.Type)))
            .Where(use => use.Target.DeclaredIn() is { } home && home.Door() is not null && !MayUse(use.Node.SyntaxTree, use.Target, home))
            .Select(use => Breach.At(use.Node, $"only {Routes} may use the door {use.Target.ToDisplayString()}"))
            .Distinct();

    /// <summary>A class with a handler that a route line can name.</summary>
    public static bool IsDoor(INamedTypeSymbol type) => type.GetMembers("Handle").Any(member => member.IsStatic);

    private static bool MayUse(SyntaxTree from, INamedTypeSymbol target, SyntaxTree home) =>
        from == home || (Folder(from) == Folder(home) && !IsDoor(target));

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;

    private static string? Folder(SyntaxTree tree) => Path.GetDirectoryName(tree.FilePath);
}
