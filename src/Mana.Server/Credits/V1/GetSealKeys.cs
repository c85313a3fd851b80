using System.Buffers.Text;
using Mana.Ledger.Proofs;
using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class GetSealKeys
{
    public sealed record Response(IReadOnlyList<Key> Keys);

    public sealed record Key(string Kty, string Crv, string Alg, string Use, string Kid, string X);

    /// <summary>The public keys that ever signed a seal of the books, as a JSON Web Key Set. None is ever taken away.</summary>
    public static async Task<Answer<Response>> Handle(SealKeys keys, CancellationToken cancel) =>
        new Response([
            .. (await keys.All(cancel)).Select(key => new Key(
                "OKP",
                "Ed25519",
                "EdDSA",
                "sig",
                key.Id,
                Base64Url.EncodeToString(key.PublicKey)
            )),
        ]);
}
