using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy.Rules;

/// <summary>An entry of a catalogue that nothing uses is a promise nobody keeps: every refusal is said somewhere, every event written.</summary>
public static class NothingIsDeclaredInVain
{
    private static readonly string[] Catalogues = ["Mana.Refusals", "Mana.Security.SecurityEvent"];

    public static IEnumerable<Breach> Breaches(Sources sources)
    {
        var entries = Catalogues.SelectMany(name => sources.Type(name).GetMembers().OfType<IFieldSymbol>()).ToList();
        var names = entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var used = sources.AllTrees.SelectMany(tree => Used(tree, sources, names)).ToHashSet(SymbolEqualityComparer.Default);

        return entries
            .Where(entry => !used.Contains(entry))
            .Select(entry =>
                Breach.At(entry.DeclaringSyntaxReferences[0].GetSyntax(), $"nothing uses {entry.ContainingType.Name}.{entry.Name}")
            );
    }

    // The spelling chooses which names are worth asking the model about; the model decides.
    private static IEnumerable<ISymbol> Used(SyntaxTree tree, Sources sources, HashSet<string> names)
    {
        var model = sources.Model(tree);

        return tree.GetRoot()
            .DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => names.Contains(name.Identifier.Text))
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .OfType<IFieldSymbol>()
            .Where(field => field.ContainingType.DeclaredIn() != tree);
    }
}
