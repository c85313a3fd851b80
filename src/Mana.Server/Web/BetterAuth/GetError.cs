using System.Text.RegularExpressions;
using Mana.Platform;

namespace Mana.Web.BetterAuth;

public static partial class GetError
{
    private const string Unknown = "UNKNOWN";

    private const int CodeLengthMax = 64;

    private const int DescriptionLengthMax = 200;

    /// <summary>
    /// Where a redirect ends that has nowhere else to go: a plain page in every environment. What the query says is shown, bounded and encoded,
    /// and acted on by nobody (wire section 7.1).
    /// </summary>
    public static Page Handle(HttpRequest request)
    {
        var code = request.Query["error"].ToString();
        var description = request.Query["error_description"].ToString();

        return Page.Of<ErrorPage, ErrorView>(
            new ErrorView(
                code.Length <= CodeLengthMax && CodeSyntax().IsMatch(code) ? code : Unknown,
                description.Length <= DescriptionLengthMax ? description : Cut.To(description, DescriptionLengthMax) + "…"
            )
        );
    }

    [GeneratedRegex("^['A-Za-z0-9_-]+\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CodeSyntax();
}

/// <param name="Code">What went wrong, as a code.</param>
/// <param name="Description">Whoever sent the visitor here wrote this; it may be anything.</param>
public sealed record ErrorView(string Code, string Description);
