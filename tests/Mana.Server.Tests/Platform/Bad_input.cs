using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Platform;

/// <summary>INP-01 to INP-07 of the attack catalogue: a clear refusal with its code, never a 500, and nothing is lost.</summary>
public sealed class Bad_input(House house) : IClassFixture<House>
{
    private const string Use = "/api/v1/credits/use";

    private const string Login = "/api/v1/auth/login";

    private const string SignIn = "/api/auth/sign-in/email";

    public static TheoryData<string, string> BrokenBodies =>
        new()
        {
            { "INP-01 depth 17", new string('[', 17) + new string(']', 17) },
            { "INP-01 depth 100,000", new string('[', 40_000) + new string(']', 40_000) },
            { "INP-03 duplicate keys", """{"email":"a@example.com","email":"b@example.com","password":"x"}""" },
            { "INP-03 duplicate keys further in", """{"email":"a@example.com","password":"x","metadata":{"a":1,"a":2}}""" },
            { "INP-05 an escaped NUL", """{"email":"a@example.com","password":"a\u0000b"}""" },
            { "INP-05 an escaped NUL in a name", """{"email":"a@example.com","password":"x","a\u0000":1}""" },
            { "INP-05 a raw NUL", "{\"email\":\"a@example.com\",\"password\":\"a\0b\"}" },
            { "INP-05 a lone surrogate", """{"email":"a@example.com","password":"\ud800"}""" },
            { "INP-05 trailing text", """{"email":"a@example.com","password":"x"} x""" },
            { "INP-05 a comment", """{"email":"a@example.com","password":"x"/**/}""" },
            { "INP-05 a trailing comma", """{"email":"a@example.com","password":"x",}""" },
            { "not JSON at all", "email=a@example.com" },
            { "half an object", """{"email":""" },
        };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task A_broken_body_is_400_in_the_words_of_each_surface(string why, string body)
    {
        Assert.NotEmpty(why);

        (await house.Nobody().PostRaw(Login, body)).Expect(400, "VALIDATION");
        (await house.Nobody().PostRaw(SignIn, body)).Expect(400, "BAD_REQUEST");
    }

    [Fact]
    public async Task INP_05_bytes_that_are_not_UTF_8_are_400()
    {
        byte[] body = [.. "{\"email\":\"a@example.com\",\"password\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        (await house.Nobody().PostRaw(Login, body, "application/json")).Expect(400, "VALIDATION");
        (await house.Nobody().PostRaw(SignIn, body, "application/json")).Expect(400, "BAD_REQUEST");
    }

    [Fact]
    public async Task INP_02_a_body_of_101_kilobytes_is_413_whether_its_length_is_announced_or_not()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"email":"a@example.com","password":"{{new string('x', 101 * 1024)}}"}""");

        (await house.Nobody().PostRaw(Login, body, "application/json")).Expect(413, "PAYLOAD_TOO_LARGE");
        (await house.Nobody().PostRaw(SignIn, body, "application/json")).Expect(413, "PAYLOAD_TOO_LARGE");
        var chunked = new StreamContent(new MemoryStream(body));
        chunked.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await house.Nobody().Send(HttpMethod.Post, Login, chunked, ("Transfer-Encoding", "chunked"))).Expect(413, "PAYLOAD_TOO_LARGE");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b")]
    [InlineData("application/vnd.api+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task INP_05_another_media_type_is_415(string? type)
    {
        var body = """{"email":"a@example.com","password":"x"}"""u8.ToArray();

        (await house.Nobody().PostRaw(Login, body, type)).Expect(415, "UNSUPPORTED_MEDIA_TYPE");
        var wire = await house.Nobody().PostRaw("/api/auth/send-verification-email", body, type);
        if (type is null)
        {
            wire.Expect(400, "VALIDATION_ERROR"); // there, bytes that do not say what they are count as no body (wire section 1.3)
        }
        else
        {
            wire.Expect(415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }

    [Fact]
    public async Task INP_06_a_compressed_body_is_415_and_nothing_is_inflated()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[10_000_000]);
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        (await house.Nobody().Send(HttpMethod.Post, Login, content)).Expect(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Theory]
    [InlineData("\"10\"")]
    [InlineData("true")]
    [InlineData("[10]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("1e2")]
    [InlineData("10.0")]
    [InlineData("10.5")]
    [InlineData("0")]
    [InlineData("-10")]
    [InlineData("1000000000001")]
    [InlineData("99999999999999999999999")]
    [InlineData("010")]
    [InlineData("NaN")]
    public async Task INP_04_an_amount_that_is_no_plain_whole_number_in_range_is_400_and_moves_nothing(string amount)
    {
        var alice = await house.Person("alice");

        (await alice.PostRaw(Use, $$"""{"amount":{{amount}},"appId":"chat","description":"x"}""")).Expect(400, "VALIDATION");

        Assert.Equal(150, await alice.Balance());
    }

    [Theory]
    [InlineData("""{"amount":10,"appId":"chat","description":"x","balance":1000}""", "balance: is not a known member")]
    [InlineData("""{"Amount":10,"appId":"chat","description":"x"}""", "amount: must be a whole number between 1 and 1000000000000")]
    [InlineData("""{"amount":10,"appId":"","description":"x"}""", "appId: must have at least 1 characters")]
    [InlineData("""{"amount":10,"appId":7,"description":"x"}""", "appId: must be a string")]
    [InlineData("""{"amount":10,"appId":"chat"}""", "description: must be a string")]
    [InlineData("""{"amount":10,"appId":"chat","description":"x","metadata":[1]}""", "metadata: must be an object")]
    [InlineData(
        """{"amount":10,"appId":"chat","description":"x","idempotencyKey":"signup:1"}""",
        "This idempotency key begins with a reserved prefix"
    )]
    [InlineData("""[]""", "The request body must be a JSON object")]
    [InlineData("", "The request body must be a JSON object")]
    public async Task INP_03_a_credit_request_says_what_is_wrong_with_it(string body, string message)
    {
        var alice = await house.Person("alice");

        var reply = (await alice.PostRaw(Use, body)).Expect(400, "VALIDATION");

        Assert.Equal(message, reply.Text("message"));
        Assert.Equal(150, await alice.Balance());
    }

    [Fact]
    public async Task A_NUL_inside_metadata_is_400_because_the_database_could_not_keep_it()
    {
        var alice = await house.Person("alice");

        var reply = await alice.PostRaw(Use, """{"amount":10,"appId":"chat","description":"x","metadata":{"a":["\u0000"]}}""");

        reply.Expect(400, "VALIDATION");
    }

    [Fact]
    public async Task A_number_no_database_holds_is_400_and_costs_nobody_else_in_the_group_anything()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        const string tooLong = """{"amount":1,"appId":"chat","description":"x","metadata":{"a":1e400000}}""";

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(number => number % 4 == 0 ? bob.PostRaw(Use, tooLong) : alice.Use(1))
        );

        Assert.Equal(6, replies.Count(reply => reply.Status == 400));
        Assert.Equal(18, replies.Count(reply => reply.Status == 200));
        Assert.Equal(132, await alice.Balance());
        Assert.Equal(150, await bob.Balance());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=abc")]
    [InlineData("limit=-1")]
    [InlineData("limit=1.5")]
    [InlineData("offset=-1")]
    [InlineData("offset=1001")]
    [InlineData("before=not-a-uuid")]
    [InlineData("limit=99999999999999999999")]
    public async Task B_85_a_page_that_cannot_be_is_400(string query)
    {
        var alice = await house.Person("alice");

        (await alice.Get($"/api/v1/credits/transactions?{query}")).Expect(400, "VALIDATION");
    }

    [Theory]
    [InlineData("' or 1=1 --")]
    [InlineData("\"; drop table credits.accounts; --")]
    [InlineData("%00")]
    [InlineData("$1")]
    public async Task DBS_05_a_filter_is_a_value_and_never_SQL(string text)
    {
        var alice = await house.Person("alice");

        var reply = await alice.Get($"/api/v1/credits/transactions?appId={Uri.EscapeDataString(text)}");

        Assert.True(reply.Status is 200 or 400, reply.Body);
        Assert.Equal(150, await alice.Balance());
    }

    [Fact]
    public async Task A_refusal_carries_the_members_every_older_client_reads()
    {
        var reply = (await house.Nobody().Get("/api/v1/credits/balance")).Expect(401, "UNAUTHORIZED");

        Assert.StartsWith("application/problem+json", reply.Header("Content-Type"), StringComparison.Ordinal);
        foreach (
            var member in new[]
            {
                "type",
                "title",
                "status",
                "instance",
                "error",
                "code",
                "message",
                "statusCode",
                "timestamp",
                "path",
                "requestId",
            }
        )
        {
            Assert.True(reply.Json.TryGetProperty(member, out _), $"{member} is missing: {reply.Body}");
        }

        Assert.Equal("No token provided", reply.Text("message"));
        Assert.Equal(reply.Header("X-Request-Id"), reply.Text("requestId"));
    }
}
