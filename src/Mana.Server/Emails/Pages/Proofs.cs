namespace Mana.Emails.Pages;

/// <summary>What the field <c>proof</c> of a posted form says about the password on the account; see <see cref="PasswordProof"/>.</summary>
public static class Proofs
{
    public const string Keep = "keep";

    public const string Typed = "typed";

    public const string Replaced = "replaced";
}
