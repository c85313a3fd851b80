using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mana.Protocols.Jose;

/// <summary>The JSON Web Key Set others verify our tokens with (RFC 7517, RFC 8037). Public halves only.</summary>
public static class Jwks
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compact JSON: <c>{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"…","x":"…"}]}</c>.</summary>
    public static byte[] Write(IEnumerable<(string Kid, ReadOnlyMemory<byte> PublicKey)> keys)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var (kid, publicKey) in keys)
            {
                json.WriteStartObject();
                json.WriteString("kty"u8, "OKP"u8);
                json.WriteString("crv"u8, "Ed25519"u8);
                json.WriteString("alg"u8, "EdDSA"u8);
                json.WriteString("use"u8, "sig"u8);
                json.WriteString("kid"u8, kid);
                json.WriteString("x"u8, Base64Url.EncodeToString(publicKey.Span));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
