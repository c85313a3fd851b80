using System.Text.Json;
using Mana.Specs.Faults;
using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>WEB-12: a fault of ours is a number to ask about, and nothing more.</summary>
public sealed class Failing_without_a_word(When_PostgreSQL_says_no.SickHouse house) : IClassFixture<When_PostgreSQL_says_no.SickHouse>
{
    /// <summary>What a body must not hold: words of PostgreSQL, of the runtime, of our code, and of the machine.</summary>
    private static readonly string[] Telling =
    [
        "XX000",
        "Npgsql",
        "Exception",
        "   at ",
        "select ",
        "insert into",
        "Mana.",
        "postgresql://",
        "127.0.0.1",
        "text nobody outside may read",
    ];

    [Theory]
    [InlineData("auth.users", "/api/v1/auth/register")]
    [InlineData("auth.sessions", "/api/v1/auth/login")]
    [InlineData("auth.sessions", "/api/auth/sign-in/email")]
    [InlineData("auth.users", "/api/auth/sign-up/email")]
    [InlineData("credits.transactions", "/api/v1/credits/use")]
    [InlineData("auth.sessions", "/sign-in")]
    public async Task WEB_12_every_group_of_routes_fails_generically(string table, string path)
    {
        var alice = await house.Person("alice");
        var newcomer = house.Stranger();
        var knows = path.Contains("login", StringComparison.Ordinal) || path.Contains("sign-in", StringComparison.Ordinal);
        var body = new
        {
            email = knows ? alice.Email : newcomer.Email,
            password = alice.Password,
            name = "x",
            amount = 1,
            appId = "chat",
            description = "x",
        };
        await house.Refuse(table, "XX000");
        try
        {
            var reply =
                path == "/sign-in"
                    ? await OnThePage(alice)
                    : await (path.Contains("credits", StringComparison.Ordinal) ? alice : newcomer).Post(path, Only(path, body));

            Assert.Equal(500, reply.Status);
            Assert.All(Telling, word => Assert.DoesNotContain(word, reply.Body, StringComparison.OrdinalIgnoreCase));
            var id = reply.Header("X-Request-Id")!;
            if (path.StartsWith("/api/v1/", StringComparison.Ordinal))
            {
                Assert.Equal((id, "INTERNAL"), (reply.Text("requestId"), reply.Code));
            }
            else if (path.StartsWith("/api/auth/", StringComparison.Ordinal))
            {
                Assert.Equal("""{"message":"Internal Server Error","code":"INTERNAL_SERVER_ERROR"}""", reply.Body);
            }
            else
            {
                Assert.Contains(id, reply.Body, StringComparison.Ordinal);
            }
        }
        finally
        {
            await house.Heal();
        }
    }

    private async Task<Reply> OnThePage(Person person)
    {
        var fields = new Dictionary<string, string> { ["email"] = person.Email, ["password"] = person.Password };

        return await new Browser(house).Post("/sign-in", fields);
    }

    /// <summary>Spending refuses members it does not know.</summary>
    private static Dictionary<string, JsonElement> Only(string path, object body)
    {
        var members = JsonSerializer.SerializeToElement(body).EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        string[] wanted = path.Contains("credits", StringComparison.Ordinal)
            ? ["amount", "appId", "description"]
            : ["email", "password", "name"];

        return members.Where(member => wanted.Contains(member.Key)).ToDictionary(member => member.Key, member => member.Value);
    }
}
