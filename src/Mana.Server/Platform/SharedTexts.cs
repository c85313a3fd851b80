namespace Mana.Platform;

/// <summary>
/// One copy of texts that come again and again, such as the name of a browser. It forgets whatever the next text with the same place
/// pushes out, so that it is bounded and nothing is ever wrong, at worst not shared.
/// </summary>
public sealed class SharedTexts
{
    private const int Places = 1024;

    private readonly string?[] _places = new string?[Places];

    /// <returns>A text equal to this one.</returns>
    public string Of(string text)
    {
        ref var place = ref _places[(uint)text.GetHashCode(StringComparison.Ordinal) % Places];
        var known = Volatile.Read(ref place);
        if (known == text)
        {
            return known;
        }

        Volatile.Write(ref place, text);
        return text;
    }
}
