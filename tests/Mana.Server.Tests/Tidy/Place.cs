using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy;

/// <summary>Where a file or a type stands in the house.</summary>
public static class Place
{
    public const string Server = "src/Mana.Server/";

    /// <summary>The folders of a slice that hold its doors.</summary>
    public static readonly IReadOnlySet<string> DoorFolders = new HashSet<string>(StringComparer.Ordinal)
    {
        "V1",
        "BetterAuth",
        "Internal",
        "Admin",
        "Pages",
        "Health",
        "Development",
    };

    public static bool IsServer(this SyntaxTree tree) => tree.FilePath.StartsWith(Server, StringComparison.Ordinal);

    /// <summary>The path below the server's folder: <c>Credits/V1/PostUse.cs</c>.</summary>
    public static string InServer(this SyntaxTree tree) => tree.FilePath[Server.Length..];

    /// <summary>The top folder, or nothing for the files beside it.</summary>
    public static string Slice(this SyntaxTree tree) =>
        tree.IsServer() && tree.InServer().Split('/') is { Length: > 1 } parts ? parts[0] : "";

    /// <summary>The door folder a file stands in, if any.</summary>
    public static string? Door(this SyntaxTree tree) =>
        tree.IsServer() && tree.InServer().Split('/') is { Length: > 2 } parts && DoorFolders.Contains(parts[1]) ? parts[1] : null;

    /// <summary>Our file that declares a type; null for types from elsewhere.</summary>
    public static SyntaxTree? DeclaredIn(this ISymbol type) =>
        type.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree is { FilePath.Length: > 0 } tree ? tree : null;
}
