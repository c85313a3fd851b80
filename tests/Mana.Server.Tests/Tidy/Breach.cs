using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy;

/// <summary>One place where a rule of the house is broken.</summary>
/// <param name="File">Path from the root of the repository.</param>
/// <param name="Line">Counted from 1.</param>
public sealed record Breach(string File, int Line, string Sentence)
{
    public static Breach At(SyntaxNodeOrToken place, string sentence)
    {
        // The code made of a page points back to the page, except where it has no equivalent there.
        var file = place.SyntaxTree!.FilePath;
        var span = place.GetLocation()!.GetMappedLineSpan();
        var isMade = !span.HasMappedPath && file.EndsWith(".razor", StringComparison.Ordinal);

        return new Breach(file, isMade ? 1 : span.StartLinePosition.Line + 1, sentence);
    }

    public override string ToString() => $"{File}:{Line}: {Sentence}";
}

/// <summary>How specs speak about breaches.</summary>
public static class Verdict
{
    /// <summary>Fails with every breach on a line of its own.</summary>
    public static void Obeyed(IEnumerable<Breach> breaches)
    {
        var lines = breaches.Select(breach => breach.ToString()).ToArray();
        Assert.True(lines.Length == 0, string.Join(Environment.NewLine, [$"{lines.Length} breaches:", .. lines]));
    }

    /// <summary>The planted breach is seen, and nothing else is mistaken for one.</summary>
    public static void Reported(IEnumerable<Breach> breaches, params string[] expected) =>
        Assert.Equal(expected, breaches.Select(breach => breach.ToString()));
}
