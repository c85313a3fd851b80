using System.Text;
using System.Text.Json.Nodes;

namespace Mana.Build.Tour;

/// <summary>The main job on /api/v1: a person registers, signs in, another service validates the token, credits are spent.</summary>
internal sealed class ManaSurface(Visitor visitor, Person person, CancellationToken stop)
{
    public async Task Walk()
    {
        Guide.Head("The Mana contract: /api/v1");
        await Register();
        var login = await SignIn();
        await Validate(login);
        await SpendCredits(login.Text("accessToken"));
        await RefreshAndLeave(login);
    }

    private async Task Register()
    {
        var body = new JsonObject
        {
            ["email"] = person.Email,
            ["password"] = person.Password,
            ["name"] = person.Name,
        };
        var registered = await visitor.Post("/api/v1/auth/register", body);
        Guide.Expect(registered, 201, $"{person.Email} registers", registered.Text("user", "email") == person.Email);
        var again = await visitor.Post("/api/v1/auth/register", (JsonObject)body.DeepClone());
        Guide.Expect(again, 409, "the address cannot be registered twice");
    }

    private async Task<Exchange> SignIn()
    {
        var body = new JsonObject { ["email"] = person.Email, ["password"] = person.Password };
        var login = await visitor.Post("/api/v1/auth/login", body);
        if (login.Status == 403 && login.Text("code") == "EMAIL_NOT_VERIFIED")
        {
            await person.ProveMailbox(visitor, stop);
            login = await visitor.Post("/api/v1/auth/login", (JsonObject)body.DeepClone());
        }
        Guide.Expect(login, 200, "signs in and gets an access token", login.Text("accessToken").Split('.').Length == 3);
        var wrong = await visitor.Post(
            "/api/v1/auth/login",
            new JsonObject { ["email"] = person.Email, ["password"] = "not-" + person.Password }
        );
        Guide.Expect(wrong, 401, "a wrong password is refused");
        return login;
    }

    private async Task Validate(Exchange login)
    {
        var token = login.Text("accessToken");
        var valid = await visitor.Post("/api/v1/auth/validate", new JsonObject { ["token"] = token });
        Guide.Expect(
            valid,
            200,
            "another service validates the token",
            valid.Text("valid") == "true" && valid.Text("payload", "sub") == login.Text("user", "id")
        );
        var keys = await visitor.Get("/.well-known/jwks.json");
        var kid = JsonNode.Parse(Decode(token.Split('.')[0]))?["kid"]?.ToString();
        Guide.Expect(
            keys,
            200,
            "the key that signed it is published",
            keys.Json?["keys"]?.AsArray().Any(key => key?["kid"]?.ToString() == kid && key?["crv"]?.ToString() == "Ed25519") == true
        );
    }

    private async Task SpendCredits(string token)
    {
        const int opening = 150;
        const int price = 10;
        var before = await visitor.Get("/api/v1/credits/balance", token);
        Guide.Expect(before, 200, "has 150 free credits", before.Text("freeCreditsRemaining") == $"{opening}");

        var use = new JsonObject
        {
            ["amount"] = price,
            ["appId"] = "tour",
            ["description"] = "a step of the tour",
            ["idempotencyKey"] = $"tour-{Guid.NewGuid()}",
        };
        var used = await visitor.Post("/api/v1/credits/use", use, token);
        Guide.Expect(used, 200, "uses 10 credits", used.Text("newBalance", "freeCreditsRemaining") == $"{opening - price}");
        var again = await visitor.Post("/api/v1/credits/use", (JsonObject)use.DeepClone(), token);
        Guide.Expect(
            again,
            200,
            "the same request again charges nothing and answers the same transaction",
            again.Headers.GetValueOrDefault("Idempotency-Hit") == "true" && again.Text("transaction") == used.Text("transaction")
        );
        var after = await visitor.Get("/api/v1/credits/balance", token);
        Guide.Expect(after, 200, "has 140 left", after.Text("freeCreditsRemaining") == $"{opening - price}");

        var history = await visitor.Get("/api/v1/credits/transactions", token);
        var amounts = history.Json?.AsArray().Select(row => (long?)row?["amount"] ?? 0).ToArray() ?? [];
        Guide.Expect(history, 200, "the history adds up to the balance", amounts is [-price, ..] && amounts.Sum() == opening - price);

        var tooMuch = new JsonObject
        {
            ["amount"] = 1000,
            ["appId"] = "tour",
            ["description"] = "more than there is",
        };
        var refused = await visitor.Post("/api/v1/credits/use", tooMuch, token);
        Guide.Expect(
            refused,
            402,
            "more than there is cannot be spent",
            refused.Text("code") == "INSUFFICIENT_CREDITS" && refused.Text("details", "available") == $"{opening - price}"
        );
    }

    private async Task RefreshAndLeave(Exchange login)
    {
        var refreshed = await visitor.Post("/api/v1/auth/refresh", new JsonObject { ["refreshToken"] = login.Text("refreshToken") });
        Guide.Expect(
            refreshed,
            200,
            "the refresh token is exchanged for a new pair",
            refreshed.Text("refreshToken") is { Length: > 0 } next && next != login.Text("refreshToken")
        );
        var token = refreshed.Text("accessToken");
        var left = await visitor.Post("/api/v1/auth/logout", [], token);
        Guide.Expect(left, 200, "signs out", left.Text("success") == "true");
        var revoked = await visitor.Post("/api/v1/auth/validate", new JsonObject { ["token"] = token });
        Guide.Expect(
            revoked,
            200,
            "from then on the token is worth nothing",
            revoked.Text("valid") == "false" && revoked.Text("error") == "Session revoked"
        );
    }

    private static string Decode(string part) =>
        Encoding.UTF8.GetString(
            Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '='))
        );
}
