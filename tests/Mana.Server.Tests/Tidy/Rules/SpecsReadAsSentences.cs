using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy.Rules;

/// <summary>The list of specs is the description of the service: a class is a situation, a method a fact in a sentence.</summary>
public static class SpecsReadAsSentences
{
    private const int FactWordsMin = 3;

    private static readonly string[] Marks = ["Fact", "Theory", "Property"];

    public static IEnumerable<Breach> Breaches(IEnumerable<TextFile> specs) =>
        specs
            .Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path))
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
            .SelectMany(Breaches);

    private static IEnumerable<Breach> Breaches(ClassDeclarationSyntax situation)
    {
        var facts = situation.Members.OfType<MethodDeclarationSyntax>().Where(IsSpec).ToList();
        if (facts.Count > 0 && !IsSituation(situation.Identifier.Text))
        {
            yield return Breach.At(situation.Identifier, $"{situation.Identifier.Text} is not a situation in a sentence");
        }

        foreach (var fact in facts.Where(fact => Words(fact.Identifier.Text) < FactWordsMin))
        {
            yield return Breach.At(fact.Identifier, $"{fact.Identifier.Text} is not a fact in a sentence");
        }
    }

    private static bool IsSpec(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => Marks.Contains(attribute.Name.ToString()));

    // "Registering" and "Spending_credits" are situations, "CreditTests" is a drawer.
    private static bool IsSituation(string name) => name.Contains('_', StringComparison.Ordinal) || name.Skip(1).All(char.IsLower);

    private static int Words(string name) => name.Split('_', StringSplitOptions.RemoveEmptyEntries).Length;
}
