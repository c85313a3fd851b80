using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mana.Protocols.Cookies;

/// <summary>
/// One Set-Cookie header, byte for byte as the Better Auth wire has it (2.3): Max-Age, Domain, <c>Path=/; HttpOnly</c>, Secure,
/// SameSite, never Expires. The value is given unencoded.
/// </summary>
public sealed record SetCookie(string Name, string Value)
{
    /// <summary>What browsers cap a cookie's life at (RFC 6265bis).</summary>
    public static readonly TimeSpan LongestMaxAge = TimeSpan.FromDays(400);

    private static readonly SearchValues<char> NameLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"
    );

    private static readonly SearchValues<char> DomainLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
    );

    public string Name { get; } =
        Name.Length > 0 && !Name.AsSpan().ContainsAnyExcept(NameLetters)
            ? Name
            : throw new ArgumentException("A cookie's name is a token (RFC 9110, 5.6.2).", nameof(Name));

    /// <summary>Whole seconds on the wire; null makes a cookie that ends with the browser.</summary>
    public TimeSpan? MaxAge
    {
        get;
        init =>
            field =
                value is null || (value >= TimeSpan.Zero && value <= LongestMaxAge)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), "Max-Age is 0 to 400 days.");
    }

    /// <summary>Only for cookies shared by sub-domains; as configured.</summary>
    public string? Domain
    {
        get;
        init =>
            field =
                value is null || (value.Length > 0 && !value.AsSpan().ContainsAnyExcept(DomainLetters))
                    ? value
                    : throw new ArgumentException("A cookie's domain is a host name.", nameof(value));
    }

    public bool Secure { get; init; }

    /// <summary><c>Lax</c>, <c>Strict</c> or <c>None</c>.</summary>
    public string SameSite
    {
        get;
        init =>
            field = value is "Lax" or "Strict" or "None"
                ? value
                : throw new ArgumentException("SameSite is Lax, Strict or None.", nameof(value));
    } = "Lax";

    public override string ToString()
    {
        var text = new StringBuilder(Name, 256).Append('=').Append(PercentText.Encode(Value));
        if (MaxAge is { } age)
        {
            text.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)age.TotalSeconds}");
        }

        if (Domain is not null)
        {
            text.Append("; Domain=").Append(Domain);
        }

        text.Append("; Path=/; HttpOnly");
        if (Secure)
        {
            text.Append("; Secure");
        }

        return text.Append("; SameSite=").Append(SameSite).ToString();
    }
}
