using System.Security.Cryptography;
using System.Text;

namespace Mana.Platform.Database.Migrations;

/// <summary>One numbered file of SQL statements. Comments at its head may carry <see cref="MigrationMarkers"/>.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The title in the file name: <c>users</c> in <c>0001_users.sql</c>.</param>
/// <param name="Sql">The text of the file.</param>
/// <exception cref="FormatException">A marker of the text cannot be read.</exception>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>The name of the file, <c>0001_users.sql</c>.</summary>
    public string File => $"{Number:0000}_{Name}.sql";

    /// <summary>The text with line feeds only, so that a checkout on another system is the same migration.</summary>
    public string Text { get; } = Sql.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>SHA-256 over <see cref="Text"/> in UTF-8, lower-case hexadecimal.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>What the comments at the head of the file say about it.</summary>
    public MigrationMarkers Markers { get; } = MigrationMarkers.Read(Number, Sql);
}
