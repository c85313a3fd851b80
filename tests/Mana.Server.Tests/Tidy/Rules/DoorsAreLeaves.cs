using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// A door has nothing to call but verbs: only <c>Routes.cs</c> knows it. What stands in its folder beside it (a page's component, a shape, the
/// name of a form's field) may be used inside that folder, but never its handler.
/// </summary>
public static class DoorsAreLeaves
{
    private const string Routes = "Routes.cs";

    public static IEnumerable<Breach> Breaches(Sources sources) =>
        sources
            .Uses.Where(use => use.Node.SyntaxTree.IsServer() && use.Node.SyntaxTree.InServer() != Routes)
            .Where(use => use.Type.DeclaredIn() is { } home && home.Door() is not null && !MayUse(use, home))
            .Select(use => Breach.At(use.Node, $"only {Routes} may use the door {Outermost(use.Type).ToDisplayString()}"))
            .Distinct();

    /// <summary>A class with a handler that a route line can name.</summary>
    public static bool IsDoor(INamedTypeSymbol type) => type.GetMembers("Handle").Any(member => member.IsStatic);

    private static bool MayUse(Use use, SyntaxTree home) =>
        use.Node.SyntaxTree == home || (Folder(use.Node.SyntaxTree) == Folder(home) && !(use.Symbol is IMethodSymbol && IsDoor(use.Type)));

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;

    private static string? Folder(SyntaxTree tree) => Path.GetDirectoryName(tree.FilePath);
}
