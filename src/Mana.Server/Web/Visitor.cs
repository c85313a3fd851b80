namespace Mana.Web;

/// <summary>As much of somebody as a page shows.</summary>
public sealed record Visitor(string Name, string Email)
{
    /// <summary>For the picture that is none.</summary>
    public string Initial { get; } = Name.EnumerateRunes().Select(rune => rune.ToString()).FirstOrDefault("?").ToUpperInvariant();

    /// <summary>
    /// What whoever holds a link may see: the mail may have been forwarded, and a scanner reads along. <c>alice@example.com</c> becomes
    /// <c>a•••@example.com</c>; the domain stays, because it says which mailbox.
    /// </summary>
    public static Visitor Masked(string name, string email)
    {
        var at = email.LastIndexOf('@');
        var shown = at > 1 ? email[..1] : "";

        return new Visitor(name, $"{shown}•••{email[at..]}");
    }
}
