using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mana.Platform;
using Mana.Platform.Http;
using Mana.Protocols.Jose;
using Mana.Tokens;

namespace Mana.Sessions.V1;

public static class PostValidate
{
    // The token stays in the bytes it came in: that is what was signed.
    public sealed record Request : IBody<Request>
    {
        public Request(string token)
            : this(Encoding.UTF8.GetBytes(token)) { }

        private Request(ReadOnlyMemory<byte> utf8Token) => Utf8Token = utf8Token;

        public static IReadOnlyCollection<KeyValuePair<string, object>> RefusalMembers { get; } = [new("valid", false)];

        public string Token => Encoding.UTF8.GetString(Utf8Token.Span);

        internal ReadOnlyMemory<byte> Utf8Token { get; }

        public static Request Parse(Fields fields) => new(fields.Text("token", min: 1));

        /// <summary>Exactly <c>{"token":"…"}</c> in ASCII without an escape, as every backend sends it.</summary>
        public static Request? Glance(ReadOnlyMemory<byte> json)
        {
            var reader = new Utf8JsonReader(json.Span);
            try
            {
                if (
                    !reader.Read()
                    || reader.TokenType != JsonTokenType.StartObject
                    || !reader.Read()
                    || reader.TokenType != JsonTokenType.PropertyName
                    || !reader.ValueSpan.SequenceEqual("token"u8)
                    || !reader.Read()
                    || reader.TokenType != JsonTokenType.String
                    || reader.ValueIsEscaped
                    || reader.ValueSpan.IsEmpty
                    || !Ascii.IsValid(reader.ValueSpan)
                )
                {
                    return null;
                }

                var token = json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                var isAll = reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read();

                return isAll ? new Request(token) : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public sealed record Payload(string Sub, string Email, string Role, string Sid, long Iat, long Exp, string Iss, string Aud);

    public sealed record Response(
        bool Valid,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Payload? Payload,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error
    );

    /// <summary>Says whether an access token is good at this moment: signature, times, and a session that still lives.</summary>
    public static ValueTask<Answer<Response>> Handle(Request request, CheckCaller callers)
    {
        var checking = callers.Validate(request.Utf8Token);

        return checking.IsCompletedSuccessfully ? ValueTask.FromResult(Say(checking.GetAwaiter().GetResult())) : Later(checking);
    }

    private static async ValueTask<Answer<Response>> Later(ValueTask<Outcome<CheckCaller.Verdict>> checking) => Say(await checking);

    private static Answer<Response> Say(Outcome<CheckCaller.Verdict> verdict) =>
        verdict.IsRefused ? verdict.Refusal!
        : verdict.Value.Token is { } token ? Answer<Response>.Finished(Repeat(token))
        : new Response(false, null, Reason(verdict.Value.Fault));

    private static string Reason(TokenFault fault) =>
        fault switch
        {
            TokenFault.None => "Session revoked",
            TokenFault.Expired => "Token expired",
            TokenFault.InvalidSignature => "Invalid signature",
            TokenFault.InvalidIssuer => "Invalid issuer",
            TokenFault.InvalidAudience => "Invalid audience",
            TokenFault.UnknownKey => "Unknown key",
            _ => "Malformed token",
        };

    /// <summary>Claims and answer are the same JSON, so what was signed is repeated as it stands.</summary>
    private static byte[] Repeat(VerifiedToken token)
    {
        var head = "{\"valid\":true,\"payload\":"u8;
        var tail = "}"u8;
        var payload = token.Payload;
        var length = Base64Url.GetMaxDecodedLength(payload.Length);
        var json = new byte[head.Length + length + tail.Length];
        head.CopyTo(json);
        Invariant.Holds(Base64Url.DecodeFromUtf8(payload, json.AsSpan(head.Length, length)) == length);
        tail.CopyTo(json.AsSpan(head.Length + length));

        return json;
    }
}
