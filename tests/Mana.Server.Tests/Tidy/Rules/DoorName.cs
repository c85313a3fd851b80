using System.Globalization;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// How a door is called: HTTP verb and the last words of its path. <c>/api/auth/sign-up/email</c> may be <c>PostEmail</c>,
/// <c>PostUpEmail</c>, <c>PostSignUpEmail</c> and so on; which one is clear is for people to say.
/// </summary>
public static class DoorName
{
    /// <summary>Doors named otherwise, and why.</summary>
    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.Ordinal)
    {
        ["GetMailbox"] = "the page at /dev/mail; GetMail is the same as JSON",
    };

    public static bool Fits(string name, string verb, string path) => Otherwise.ContainsKey(name) || Names(verb, path).Contains(name);

    // File endings are no words, a path that ends in a parameter means one of many ("/sessions/{id}": DeleteSession), and "/" is home.
    private static IEnumerable<string> Names(string verb, string path)
    {
        var words = path.Split('/')
            .Where(part => !part.Contains('{', StringComparison.Ordinal))
            .SelectMany(part => part.Split('.')[0].Split('-'))
            .Where(word => word.Length > 0)
            .Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..])
            .DefaultIfEmpty("Home")
            .ToArray();
        var names = Enumerable.Range(1, words.Length).Select(count => verb + string.Concat(words[^count..]));

        return path.EndsWith('}') ? names.Select(name => name.TrimEnd('s')) : names;
    }
}
