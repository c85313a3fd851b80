using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Mana.Specs.Tidy.Rules;

/// <summary>A statement of the sources as PostgreSQL will see it.</summary>
/// <param name="Node">The interpolated string.</param>
/// <param name="Text">Holes are $1 … $n.</param>
/// <param name="Holes">The parameter of the overload each hole goes to: what is sent, not what is written.</param>
/// <param name="Pieces">Where pieces of the text begin in the file.</param>
public sealed record Statement(SyntaxNode Node, string Text, IReadOnlyList<ITypeSymbol> Holes, IReadOnlyList<(int Offset, int Line)> Pieces)
{
    private const string Handler = "Mana.Platform.Database.Sql";

    /// <summary>Every interpolated string that becomes a statement, found by its type.</summary>
    public static IEnumerable<Statement> All(Sources sources)
    {
        var handler = sources.Type(Handler);

        return sources
            .Trees.AsParallel()
            .AsOrdered()
            .SelectMany(tree =>
            {
                var model = sources.Model(tree);

                return tree.GetRoot()
                    .DescendantNodes()
                    .OfType<InterpolatedStringExpressionSyntax>()
                    .Where(node => SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(node).ConvertedType, handler))
                    .Select(node => Of(node, (IInterpolatedStringOperation)model.GetOperation(node)!));
            });
    }

    /// <summary>The line of the file a place in the text stands on.</summary>
    public int LineAt(int offset)
    {
        var piece = Pieces.Last(candidate => candidate.Offset <= offset);

        return piece.Line + Text[piece.Offset..offset].Count(letter => letter == '\n');
    }

    public Breach Breach(int offset, string sentence) => new(Node.SyntaxTree.FilePath, LineAt(offset), sentence);

    private static Statement Of(InterpolatedStringExpressionSyntax place, IInterpolatedStringOperation operation)
    {
        var text = "";
        var holes = new List<ITypeSymbol>();
        var pieces = new List<(int, int)> { (0, Line(place)) };
        foreach (
            var call in operation.Parts.OfType<IInterpolatedStringAppendOperation>().Select(part => (IInvocationOperation)part.AppendCall)
        )
        {
            var argument = call.Arguments[0];
            pieces.Add((text.Length, Line(argument.Syntax)));
            if (call.TargetMethod.Name == "AppendLiteral")
            {
                text += (string)argument.Value.ConstantValue.Value!;
            }
            else
            {
                holes.Add(call.TargetMethod.Parameters[0].Type);
                text += $"${holes.Count}";
            }
        }

        return new Statement(place, text, holes, pieces);
    }

    private static int Line(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
