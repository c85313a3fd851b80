using Mana.Platform.Http;

namespace Mana.Tokens.V1;

public static class GetJwks
{
    /// <summary>The public keys that verify access tokens, as a JSON Web Key Set.</summary>
    public static Task Handle(HttpContext http, SigningKeys keys) => Published.Write(http, "application/json", keys.Jwks);
}
