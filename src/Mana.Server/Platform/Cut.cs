namespace Mana.Platform;

/// <summary>Shortens what somebody sent to what we keep of it.</summary>
public static class Cut
{
    /// <summary>Never half a letter: PostgreSQL takes no lone surrogate, and a statement that fails leaves no trace of what it was about.</summary>
    /// <param name="lengthMax">In UTF-16 units.</param>
    public static string To(string text, int lengthMax) =>
        text.Length <= lengthMax ? text : text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
}
