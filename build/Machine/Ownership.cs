using System.Globalization;

namespace Mana.Build.Machine;

/// <summary>Who owns a path itself (a link is not followed), asked of stat because .NET does not tell.</summary>
internal sealed record Ownership(uint User, string Name, bool IsFolder)
{
    public static async Task<Ownership?> Of(string path)
    {
        string[] format = OperatingSystem.IsLinux() ? ["-c", "%u|%U|%F"] : ["-f", "%u|%Su|%HT"];
        var answer = await Run.Quietly(new Invocation("stat", [.. format, path]));
        return
            answer.Output.Trim().Split('|') is [var user, var name, var kind]
            && !answer.Failed
            && uint.TryParse(user, CultureInfo.InvariantCulture, out var number)
            ? new Ownership(number, name, kind.Equals("directory", StringComparison.OrdinalIgnoreCase))
            : null;
    }
}
