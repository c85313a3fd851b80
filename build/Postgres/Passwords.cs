using System.Security.Cryptography;
using System.Text;

namespace Mana.Build.Postgres;

/// <summary>The passwords of one cluster, drawn once and kept in a file that only its owner reads.</summary>
internal sealed record Passwords(string Superuser, string Owner, string App)
{
    private const int Length = 32;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>The passwords of the file, or null when it is absent or damaged.</summary>
    public static Passwords? Read(string path) =>
        File.Exists(path) && File.ReadAllLines(path) is [{ Length: Length } superuser, { Length: Length } owner, { Length: Length } app]
            ? new Passwords(superuser, owner, app)
            : null;

    public static Passwords Draw(string path)
    {
        var drawn = new Passwords(Random(), Random(), Random());
        File.Delete(path);
        WriteForOwner(path, string.Join('\n', drawn.Superuser, drawn.Owner, drawn.App) + "\n");
        return drawn;
    }

    /// <summary>A new file with rights for its owner only from its first byte on.</summary>
    public static void WriteForOwner(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(text));
    }

    private static string Random() => RandomNumberGenerator.GetString(Letters, Length);
}
