using System.Text.Json.Nodes;

namespace Mana.Build.Tour;

/// <summary>The same service in the words of Better Auth, where a cookie carries the session.</summary>
internal sealed class WireSurface(Visitor visitor, Person person, CancellationToken stop)
{
    public async Task Walk()
    {
        Guide.Head("The Better Auth wire: /api/auth");
        var ok = await visitor.Get("/api/auth/ok");
        Guide.Expect(ok, 200, "is there", ok.Text("ok") == "true");
        await SignUp();
        await SignIn();
        await UseSession();
        await Leave();
    }

    private async Task SignUp()
    {
        var body = new JsonObject
        {
            ["email"] = person.Email,
            ["password"] = person.Password,
            ["name"] = person.Name,
        };
        var signedUp = await visitor.Post("/api/auth/sign-up/email", body);
        Guide.Expect(signedUp, 200, $"{person.Email} signs up", signedUp.Text("user", "email") == person.Email);
    }

    private async Task SignIn()
    {
        var body = new JsonObject { ["email"] = person.Email, ["password"] = person.Password };
        var signedIn = await visitor.Post("/api/auth/sign-in/email", body);
        if (signedIn.Status == 403 && signedIn.Text("code") == "EMAIL_NOT_VERIFIED")
        {
            await person.ProveMailbox(visitor, stop);
            signedIn = await visitor.Post("/api/auth/sign-in/email", (JsonObject)body.DeepClone());
        }
        Guide.Expect(signedIn, 200, "signs in and gets a cookie", signedIn.Headers.ContainsKey("Set-Cookie"));
    }

    private async Task UseSession()
    {
        var session = await visitor.Get("/api/auth/get-session");
        Guide.Expect(session, 200, "the cookie names the session", session.Text("user", "email") == person.Email);
        var token = await visitor.Get("/api/auth/token");
        Guide.Expect(token, 200, "the session is exchanged for a JWT", token.Text("token").Split('.').Length == 3);
        var valid = await visitor.Post("/api/v1/auth/validate", new JsonObject { ["token"] = token.Text("token") });
        Guide.Expect(valid, 200, "which the other surface validates", valid.Text("payload", "email") == person.Email);
    }

    private async Task Leave()
    {
        var left = await visitor.Post("/api/auth/sign-out", []);
        Guide.Expect(left, 200, "signs out", left.Text("success") == "true");
        var nobody = await visitor.Get("/api/auth/get-session");
        Guide.Expect(nobody, 200, "there is no session any more", nobody.Body.Trim() == "null");
    }
}
