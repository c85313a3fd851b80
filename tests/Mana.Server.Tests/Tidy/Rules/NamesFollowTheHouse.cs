using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy.Rules;

/// <summary>A namespace is its folder, and a name that would fit anything says nothing.</summary>
public static class NamesFollowTheHouse
{
    private static readonly string[] Empty = ["Manager", "Service", "Helper", "Util", "Utils", "Processor", "Dto", "Model", "Base", "Impl"];

    public static IEnumerable<Breach> Breaches(Sources sources) =>
        [.. sources.Trees.SelectMany(Namespaces), .. sources.Trees.SelectMany(Types)];

    private static IEnumerable<Breach> Namespaces(SyntaxTree tree)
    {
        var expected = Path.GetDirectoryName(tree.FilePath)!.Replace("src/Mana.Server", "Mana", StringComparison.Ordinal);
        expected = expected.Replace("src/", "", StringComparison.Ordinal).Replace('/', '.');

        return tree.GetRoot()
            .DescendantNodes()
            .OfType<BaseNamespaceDeclarationSyntax>()
            .Where(space => space.Name.ToString() != expected)
            .Select(space => Breach.At(space, $"the namespace {space.Name} stands in the folder of {expected}"));
    }

    private static IEnumerable<Breach> Types(SyntaxTree tree) =>
        tree.GetRoot()
            .DescendantNodes()
            .OfType<BaseTypeDeclarationSyntax>()
            .Where(type => Array.Exists(Empty, word => type.Identifier.Text.EndsWith(word, StringComparison.Ordinal)))
            .Select(type => Breach.At(type, $"{type.Identifier.Text} does not say what it is"));
}
