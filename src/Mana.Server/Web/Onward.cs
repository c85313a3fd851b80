using Mana.Platform.Http;

namespace Mana.Web;

/// <summary>Where a visitor wants to be once this is done.</summary>
/// <param name="Target">
/// Null when the link named none. A target that is not trusted is dropped, so none of our pages sends anybody to a place a stranger wrote
/// into a link.
/// </param>
public sealed record Onward(string? Target)
{
    public static readonly Onward Nowhere = new((string?)null);

    public const string Name = "callbackURL";

    /// <summary>What front ends also call it.</summary>
    private const string OtherName = "redirectTo";

    private const string Account = "/account";

    /// <summary>The target, or the page that says who is signed in.</summary>
    public string Address => Target ?? Account;

    /// <summary>The host somebody is about to go on to, when it is not ours: shown, so that they can tell.</summary>
    public string? Host => Target is ['h', ..] && Uri.TryCreate(Target, UriKind.Absolute, out var address) ? address.Authority : null;

    public static Onward From(IQueryCollection query, TrustedOrigins origins) =>
        new(Trusted(query[Name].ToString(), origins) ?? Trusted(query[OtherName].ToString(), origins));

    public static Onward From(Form form, TrustedOrigins origins) => new(Trusted(form.Text(Name), origins));

    /// <summary>A page of ours that leads to the same place in the end.</summary>
    public string By(string path) => Target is null ? path : $"{path}?{Name}={Uri.EscapeDataString(Target)}";

    private static string? Trusted(string target, TrustedOrigins origins) => target.Length > 0 && origins.MayLeadTo(target) ? target : null;
}
