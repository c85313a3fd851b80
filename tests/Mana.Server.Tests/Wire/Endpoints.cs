namespace Mana.Specs.Wire;

/// <summary>Endpoints as the wire and the routes name them: a method and a path, in which a part may stand for any.</summary>
public static class Endpoints
{
    /// <param name="pattern"><c>GET /api/auth/reset-password/{token}</c></param>
    public static bool Fit(string pattern, string endpoint)
    {
        var (parts, found) = (pattern.Split('/'), endpoint.Split('/'));

        return parts.Length == found.Length
            && parts.Zip(found).All(pair => pair.First.StartsWith('{') ? pair.Second.Length > 0 : pair.First == pair.Second);
    }
}
