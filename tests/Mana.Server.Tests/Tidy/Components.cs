using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Mana.Specs.Tidy;

/// <summary>
/// Razor files as the C# the SDK makes of them. Without it a page could use anything unseen, and every name of a component would stay
/// unresolved in the doors that answer with it.
/// </summary>
public static class Components
{
    private const string Generator = "Microsoft.NET.Sdk.Razor.SourceGenerators.RazorSourceGenerator";

    /// <returns>One tree per file under the file's own path; its lines are mapped to those of the file where it has an equivalent.</returns>
    public static IEnumerable<SyntaxTree> Compiled(CSharpCompilation compilation, CSharpParseOptions options, params TextFile[] files)
    {
        if (files.Length == 0)
        {
            return [];
        }

        var texts = files.ToDictionary(file => (AdditionalText)new Text(Repository.Full(file.Path), file.Text), file => file.Path);
        var driver = CSharpGeneratorDriver.Create([Load()], texts.Keys, options, new Settings());
        var made = driver.RunGenerators(compilation).GetRunResult().Results.Single();
        Assert.True(made.Exception is null, made.Exception?.ToString());

        return [.. files.Select(file => Tree(file.Path, made, options))];
    }

    private static SyntaxTree Tree(string path, GeneratorRunResult made, CSharpParseOptions options)
    {
        var name = path[Place.Server.Length..].Replace('/', '_').Replace('.', '_') + ".g.cs";
        var code = made.GeneratedSources.Single(source => source.HintName.Replace('/', '_').EndsWith(name, StringComparison.Ordinal));

        return CSharpSyntaxTree.ParseText(code.SourceText, options, path);
    }

    // The generator comes with the SDK that builds the house; it is not among the packages.
    private static ISourceGenerator Load()
    {
        var (exit, version) = Repository.Run(Repository.Root, "dotnet", "--version");
        Assert.True(exit == 0, version);
        var sdk = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../sdk", version.Trim()));
        var folder = Path.Combine(sdk, "Sdks/Microsoft.NET.Sdk.Razor/source-generators");
        var type = Assembly
            .LoadFrom(Path.Combine(folder, "Microsoft.CodeAnalysis.Razor.Compiler.dll"))
            .GetType(Generator, throwOnError: true)!;

        return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
    }

    private sealed class Text(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }

    /// <summary>What the build tells the generator.</summary>
    private sealed class Settings : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } =
            new Values(
                new()
                {
                    ["build_property.RazorConfiguration"] = "Default",
                    ["build_property.RazorLangVersion"] = "Latest",
                    ["build_property.RootNamespace"] = "Mana",
                }
            );

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile)
        {
            var target = Path.GetRelativePath(Repository.Full(Place.Server), textFile.Path).Replace('\\', '/');

            return new Values(
                new() { ["build_metadata.AdditionalFiles.TargetPath"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(target)) }
            );
        }
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
