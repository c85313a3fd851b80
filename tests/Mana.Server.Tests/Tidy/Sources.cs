using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mana.Specs.Tidy;

/// <summary>A name in the sources and the type it means, or whose member it means.</summary>
public sealed record Use(SyntaxNode Node, ISymbol Symbol, INamedTypeSymbol Type)
{
    public string Namespace => Type.ContainingNamespace.IsGlobalNamespace ? "" : Type.ContainingNamespace.ToDisplayString();
}

/// <summary>
/// The shipping sources as one compilation in memory, so that rules see what a name means and not how it is spelled. A value: with a file
/// more or changed it is another one, and that is how a spec breaks a rule on purpose.
/// </summary>
public sealed class Sources
{
    private static readonly string[] Folders = ["src/Mana.Protocols", "src/Mana.Server"];

    // What ImplicitUsings adds for Microsoft.NET.Sdk.Web. A spec fails when a name stays unresolved, so this cannot fall behind unseen.
    private static readonly string[] ImplicitUsings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Net.Http.Json",
        "System.Threading",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
    ];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private static readonly Lazy<Sources> Shared = new(Load);

    private readonly CSharpCompilation _compilation;

    private readonly ConcurrentDictionary<SyntaxTree, Use[]> _uses = new();

    private Sources(CSharpCompilation compilation, params SyntaxTree[] changed) =>
        (_compilation, Trees) = (compilation, changed.Length > 0 ? changed : AllOf(compilation));

    /// <summary>As they stand.</summary>
    public static Sources House => Shared.Value;

    /// <summary>The files under inspection: all of them, or what was changed since, because the rest has been looked at as it stands.</summary>
    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>Every name in the files under inspection.</summary>
    public IEnumerable<Use> Uses => Trees.AsParallel().AsOrdered().SelectMany(UsesIn);

    /// <summary>Every file, whatever was changed.</summary>
    public IEnumerable<SyntaxTree> AllTrees => AllOf(_compilation);

    public IEnumerable<Diagnostic> Errors => _compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error);

    public SemanticModel Model(SyntaxTree tree) => _compilation.GetSemanticModel(tree);

    public INamedTypeSymbol Type(string name) =>
        _compilation.GetTypeByMetadataName(name) ?? throw new InvalidOperationException($"There is no type {name}.");

    /// <summary>The same with one file more, or with other text in a file.</summary>
    public Sources With(string path, string text)
    {
        var file = new TextFile(path, text);
        var tree = IsComponent(path) ? Components.Compiled(_compilation, Options, file).Single() : Parsed(file);
        var old = AllTrees.FirstOrDefault(candidate => candidate.FilePath == path);

        return new Sources(old is null ? _compilation.AddSyntaxTrees(tree) : _compilation.ReplaceSyntaxTree(old, tree), tree);
    }

    /// <summary>The same with one passage of one file replaced.</summary>
    public Sources With(string path, string passage, string replacement)
    {
        var text = AllTrees.Single(tree => tree.FilePath == path).ToString();
        Assert.Contains(passage, text, StringComparison.Ordinal);

        return With(path, text.Replace(passage, replacement, StringComparison.Ordinal));
    }

    private Use[] UsesIn(SyntaxTree tree) =>
        _uses.GetOrAdd(
            tree,
            _ =>
            {
                var model = Model(tree);
                var names = tree.GetRoot()
                    .DescendantNodes()
                    .Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax);

                return [.. names.Select(node => Meaning(node, model.GetSymbolInfo(node))).OfType<Use>()];
            }
        );

    private static SyntaxTree[] AllOf(CSharpCompilation compilation) =>
        [.. compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0)];

    private static Use? Meaning(SyntaxNode node, SymbolInfo info) =>
        (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) switch
        {
            INamedTypeSymbol type => new Use(node, type, type),
            (IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol) and { ContainingType: { } type } member => new Use(
                node,
                member,
                type
            ),
            _ => null,
        };

    private static Sources Load()
    {
        var files = Folders
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Full(folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .ToList();
        var code = files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read).Select(Parsed);
        var usings = string.Concat(ImplicitUsings.Select(name => $"global using {name};"));
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "house",
            code.Append(CSharpSyntaxTree.ParseText(usings, Options)),
            assemblies
                .Where(path => !IsOurs(Path.GetFileNameWithoutExtension(path)))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        var pages = files.Where(IsComponent).Select(Repository.Read).ToArray();

        return new Sources(compilation.AddSyntaxTrees(Components.Compiled(compilation, Options, pages)));
    }

    private static SyntaxTree Parsed(TextFile file) => CSharpSyntaxTree.ParseText(file.Text, Options, file.Path);

    private static bool IsComponent(string path) => path.EndsWith(".razor", StringComparison.Ordinal);

    // Our own assemblies beside our own sources would make every extension method ambiguous.
    private static bool IsOurs(string assembly) => assembly is "mana-server" || assembly.StartsWith("Mana.", StringComparison.Ordinal);
}
