using System.Text;

namespace Mana.Protocols.Passwords;

/// <summary>Without ICU, normalisation silently returns its input, and every password with a letter beyond ASCII hashes differently.</summary>
public static class UnicodeSelfTest
{
    /// <exception cref="InvalidOperationException">NFKC does not work here: libicu is missing or InvariantGlobalization is on.</exception>
    public static void Run()
    {
        // Ligature, circled digit, composed and compatibility letters, a mathematical letter beyond the BMP (wire 19.2).
        const string written = "\uFB01\u2460\u00C5\u212BA\u030A\U0001D4D0";
        const string expected = "fi1\u00C5\u00C5\u00C5A";
        if (written.Normalize(NormalizationForm.FormKC) != expected)
        {
            throw new InvalidOperationException(
                "Unicode normalisation (NFKC) does not work: install libicu and leave InvariantGlobalization off."
            );
        }
    }
}
