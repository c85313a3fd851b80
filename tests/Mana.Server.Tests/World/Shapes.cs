using System.Text.RegularExpressions;

namespace Mana.Specs.World;

/// <summary>An answer with everything replaced that is random, of the moment, or repeats what was asked.</summary>
public static partial class Shapes
{
    public static string Of(Reply reply)
    {
        var body = Email().Replace(reply.Body, "EMAIL");
        body = Moment().Replace(body, "WHEN");
        body = Request().Replace(body, "\"requestId\":\"REQUEST\"");

        return $"{reply.Status} {reply.Header("Content-Type")} {Id().Replace(body, "ID")}";
    }

    [GeneratedRegex("[a-z0-9-]+@example\\.com", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+Z", RegexOptions.CultureInvariant)]
    private static partial Regex Moment();

    [GeneratedRegex("\"requestId\":\"[0-9a-f]+\"", RegexOptions.CultureInvariant)]
    private static partial Regex Request();

    [GeneratedRegex("[a-zA-Z0-9]{32}", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
