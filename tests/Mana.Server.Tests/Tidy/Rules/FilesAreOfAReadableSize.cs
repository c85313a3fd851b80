using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// Sizes are signs, not limits: a long file asks whether there are two ideas in it. Whoever answers "no" writes the answer down here; never
/// is a file split to please a number.
/// </summary>
public static class FilesAreOfAReadableSize
{
    private const int FileLinesMax = 300;

    private const int FunctionLinesMax = 60;

    private const int MedianLinesMax = 100;

    /// <summary>Path and reason of what is longer on purpose.</summary>
    private static readonly Dictionary<string, string> Answered = new(StringComparer.Ordinal)
    {
        [Place.Server + "Settings.cs"] = "a list of declarations in the order of the reference page; nothing in it decides",
        [Place.Server + "App.cs"] = "what is composed of what, slice by slice; nothing in it decides",
        [Place.Server + "Refusals.cs"] = "a list of declarations, the only one of its kind; nothing in it decides",
    };

    private static readonly Dictionary<string, int> Screens = new(StringComparer.Ordinal)
    {
        [Place.Server + "Program.cs"] = 60,
        [Place.Server + "Routes.cs"] = 300,
    };

    public static IEnumerable<Breach> Breaches(Sources sources)
    {
        var lengths = sources.AllTrees.Where(IsWritten).Select(Lines).Order().ToArray();
        var median = lengths[lengths.Length / 2];

        return
        [
            .. sources.Trees.Where(tree => IsWritten(tree) && !Answered.ContainsKey(tree.FilePath)).SelectMany(OfFile),
            .. median <= MedianLinesMax
                ? Array.Empty<Breach>()
                : [new Breach(Place.Server, 1, $"half of the files are longer than {median} lines")],
        ];
    }

    private static IEnumerable<Breach> OfFile(SyntaxTree tree)
    {
        var most = Screens.GetValueOrDefault(tree.FilePath, FileLinesMax);
        if (Lines(tree) > most)
        {
            yield return new Breach(tree.FilePath, most + 1, $"the file is longer than {most} lines: are there two ideas in it?");
        }

        foreach (var function in tree.GetRoot().DescendantNodes().Where(IsFunction))
        {
            var span = tree.GetLineSpan(function.Span);
            var length = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (length > FunctionLinesMax)
            {
                yield return Breach.At(function, $"a function of {length} lines: what is decided here, and what is only done?");
            }
        }
    }

    private static bool IsFunction(SyntaxNode node) =>
        node
            is BaseMethodDeclarationSyntax
                or LocalFunctionStatementSyntax
                or AccessorDeclarationSyntax
                or AnonymousFunctionExpressionSyntax;

    // Of a page there is only the code that was made of it.
    private static bool IsWritten(SyntaxTree tree) => !tree.FilePath.EndsWith(".razor", StringComparison.Ordinal);

    private static int Lines(SyntaxTree tree) => tree.GetText().Lines.Count - 1;
}
