namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// A slice uses only slices its line of the map names. The files beside the folders are the frame: refusals and settings are leaves for
/// everybody, which see nothing but the platform; the others see everything and are seen by nobody.
/// </summary>
public static class SlicesStayWithinTheMap
{
    private const string Frame = "the frame";

    private const string Leaves = "leaves";

    public static IEnumerable<Breach> Breaches(Sources sources, SliceMap map) =>
        sources
            .Uses.Where(use => use.Node.SyntaxTree.IsServer())
            .Select(use => (use.Node, From: Home(use.Node.SyntaxTree.Slice(), use.Node.SyntaxTree.InServer()), To: Home(use)))
            .Where(edge => edge.To is not null && !IsAllowed(edge.From, edge.To, map))
            .Select(edge => Breach.At(edge.Node, $"{Subject(edge.From, edge.Node)} may not use {edge.To}"))
            .Distinct();

    public static IReadOnlyCollection<string> Folders(Sources sources) =>
        [.. sources.Trees.Select(tree => tree.Slice()).Where(slice => slice.Length > 0).Distinct()];

    private static bool IsAllowed(string from, string to, SliceMap map) =>
        (from, to) switch
        {
            (Frame, _) or (_, Leaves) => true,
            (Leaves, _) => to == "Platform",
            _ => map.Allows(from, to),
        };

    private static string Home(string slice, string path) =>
        slice.Length > 0 ? slice
        : path == "Refusals.cs" || path.StartsWith("Settings", StringComparison.Ordinal) ? Leaves
        : Frame;

    // A type of the server stands in a slice or in the frame; anything else is no business of the map.
    private static string? Home(Use use) =>
        use.Type.DeclaredIn() is { } tree && tree.IsServer() ? Home(tree.Slice(), tree.InServer()) : null;

    private static string Subject(string from, Microsoft.CodeAnalysis.SyntaxNode node) =>
        from == Leaves ? Path.GetFileNameWithoutExtension(node.SyntaxTree.FilePath) : from;
}
