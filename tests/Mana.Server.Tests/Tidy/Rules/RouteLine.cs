using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy.Rules;

/// <summary>One line of <c>Routes.cs</c>.</summary>
/// <param name="Path">Null when it is not one literal.</param>
/// <param name="Handler">Null when it is no method of a class.</param>
public sealed record RouteLine(SyntaxNode Node, string Verb, string? Path, IMethodSymbol? Handler, string Access)
{
    private const string Mapping = "Mana.Platform.Http.RouteMapping";

    /// <summary>The class that answers, or nothing for a lambda.</summary>
    public INamedTypeSymbol? Door => Handler?.MethodKind == MethodKind.Ordinary ? Handler.ContainingType : null;

    public static IReadOnlyList<RouteLine> All(Sources sources)
    {
        var routes = sources.AllTrees.Single(tree => tree.FilePath == Place.Server + "Routes.cs");
        var model = sources.Model(routes);

        return
        [
            .. routes
                .GetRoot()
                .DescendantNodes()
                .OfType<InvocationExpressionSyntax>()
                .Where(call => model.GetSymbolInfo(call).Symbol?.ContainingType.ToDisplayString() == Mapping)
                .Select(call => Of(call, model)),
        ];
    }

    private static RouteLine Of(InvocationExpressionSyntax call, SemanticModel model)
    {
        var arguments = call.ArgumentList.Arguments;
        var handler = model.GetSymbolInfo(arguments[1].Expression);

        return new RouteLine(
            call,
            ((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.Text,
            (arguments[0].Expression as LiteralExpressionSyntax)?.Token.ValueText,
            (handler.Symbol ?? handler.CandidateSymbols.FirstOrDefault()) as IMethodSymbol,
            model.GetSymbolInfo(arguments[2].Expression).Symbol?.Name ?? ""
        );
    }
}
