using System.Net.Http.Json;
using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Security;

/// <summary>BRF-01 to BRF-04, ENU-01 and the lockout of contract 3.10. Each try comes from an address of its own, past the limits per address.</summary>
public sealed class Guessing_a_password(LimitedHouse house) : IClassFixture<LimitedHouse>
{
    private const string V1 = "/api/v1/auth/login";

    private const string Wire = "/api/auth/sign-in/email";

    private static int _visitors;

    [Fact]
    public async Task BRF_01_five_wrong_ones_close_the_address_for_half_an_hour_and_no_second_less()
    {
        var alice = await Registered();
        await Wrong(alice.Email, 5);

        IsLocked(await Try(alice.Email, Phrases.Right), seconds: 1800);
        house.Clock.Move(TimeSpan.FromMinutes(15));
        IsLocked(await Try(alice.Email, Phrases.Right), seconds: 900);
        house.Clock.Move(TimeSpan.FromMinutes(14.5));
        IsLocked(await Try(alice.Email, Phrases.Right), seconds: 30);
        house.Clock.Move(TimeSpan.FromSeconds(30));

        (await Try(alice.Email, Phrases.Right)).Expect(200);
        await Wrong(alice.Email, 4);
        (await Try(alice.Email, Phrases.Right)).Expect(200);
    }

    [Fact]
    public async Task BRF_01_a_browser_whose_name_is_cut_in_the_middle_of_a_letter_guesses_no_longer_than_others()
    {
        var alice = await Registered();
        var agent = new string('a', 511) + "\U0001F600";
        for (var count = 0; count < 5; count++)
        {
            (await Try(alice.Email, Phrases.Wrong, agent: agent)).Expect(401);
        }

        IsLocked(await Try(alice.Email, Phrases.Wrong, agent: agent), seconds: 1800);
        Assert.Equal(
            agent[..511],
            await house.Database.Read<string>(
                "select distinct user_agent from auth.security_events where event_type = 'LOGIN_FAILURE' and user_agent like 'aaaaa%'"
            )
        );
    }

    [Fact]
    public async Task On_the_wire_the_same_is_said_in_its_words()
    {
        var alice = await Registered();
        await Wrong(alice.Email, 5, Wire);

        var locked = (await Try(alice.Email, Phrases.Right, Wire)).Expect(429, "ACCOUNT_LOCKED");

        Assert.Equal("""{"message":"Account temporarily locked","code":"ACCOUNT_LOCKED"}""", locked.Body);
        Assert.Equal("1800", locked.Header("Retry-After"));
        Assert.Equal("1800", locked.Header("X-Retry-After"));
    }

    [Fact]
    public async Task B_38_the_rows_and_one_event_say_so()
    {
        var alice = await Registered();
        await Wrong(alice.Email, 5);
        for (var times = 0; times < 3; times++)
        {
            (await Try(alice.Email, Phrases.Wrong)).Expect(429, "ACCOUNT_LOCKED");
        }

        Assert.Equal(
            "5 5 1",
            await house.Database.Read<string>(
                "select count(*) || ' ' || count(failed_at) || ' ' || count(locked_until) from auth.login_attempts where email = $1",
                alice.Email
            )
        );
        Assert.Equal(
            "ACCOUNT_LOCKED:1 LOGIN_FAILURE:5 REGISTER:1",
            await house.Database.Read<string>(
                """
                select string_agg(event_type || ':' || times, ' ' order by event_type)
                from (select event_type, count(*) as times from auth.security_events where user_id = (select id from auth.users where email = $1) group by event_type) e
                """,
                alice.Email
            )
        );
    }

    [Fact]
    public async Task ENU_01_an_address_nobody_has_is_closed_alike()
    {
        var (known, unknown) = (await Registered(), house.Stranger());
        for (var count = 1; count <= 7; count++)
        {
            var answers = new[] { await Try(known.Email, Phrases.Wrong), await Try(unknown.Email, Phrases.Wrong) };

            Assert.All(answers, answer => answer.Expect(count <= 5 ? 401 : 429));
            Assert.Equal(Comparable(answers[0]), Comparable(answers[1]));
        }
    }

    [Fact]
    public async Task ENU_01_an_account_that_was_closed_or_has_no_password_is_closed_alike()
    {
        var (closed, bare) = (await Registered(), await Registered());
        await house.Database.Tamper("update auth.users set deleted_at = now() where email = $1", closed.Email);
        await house.Database.Tamper("delete from auth.passwords using auth.users where id = user_id and email = $1", bare.Email);
        for (var count = 1; count <= 7; count++)
        {
            // The right password of a closed account counts and is answered like a wrong one.
            var answers = new[] { await Try(closed.Email, Phrases.Right), await Try(bare.Email, Phrases.Right) };

            Assert.All(answers, answer => answer.Expect(count <= 5 ? 401 : 429));
            Assert.Equal(Comparable(answers[0]), Comparable(answers[1]));
        }
    }

    [Fact]
    public async Task BRF_02_of_sixty_at_once_on_two_instances_five_are_looked_at()
    {
        await using var neighbour = await house.OpenNeighbour();
        for (var round = 1; round <= 5; round++)
        {
            var alice = await Registered();

            var answers = await Task.WhenAll(
                Enumerable.Range(0, 60).Select(at => Try(alice.Email, Phrases.Wrong, V1, at % 2 == 0 ? house.Http : neighbour.Http))
            );

            Assert.Equal(5, answers.Count(answer => answer.Status == 401));
            Assert.All(answers.Where(answer => answer.Status != 401), answer => IsLocked(answer, seconds: 1800));
            Assert.Equal(5, await Events(alice, "LOGIN_FAILURE"));
            Assert.Equal(1, await Events(alice, "ACCOUNT_LOCKED"));
        }
    }

    [Fact]
    public async Task Many_right_ones_at_once_wait_for_each_other()
    {
        var alice = await Registered();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Try(alice.Email, Phrases.Right)));

        Assert.All(answers, answer => answer.Expect(200));
        Assert.Equal(0, await Attempts(alice.Email));
    }

    [Fact]
    public async Task BRF_03_however_the_address_is_spelled_it_is_one_count()
    {
        var alice = await Registered();
        string[] spellings = [alice.Email, alice.Email.ToUpperInvariant(), $"  {alice.Email} ", $"{alice.Email}\t"];
        foreach (var spelling in spellings)
        {
            (await Try(spelling, Phrases.Wrong)).Expect(401);
        }

        (await Try(alice.Email.ToUpperInvariant(), Phrases.Wrong, Wire)).Expect(401);

        (await Try(alice.Email, Phrases.Right)).Expect(429, "ACCOUNT_LOCKED");
        foreach (var other in new[] { alice.Email.Replace('@', '\uFF20'), alice.Email.Replace('a', '\uFF41'), alice.Email + "\u200B" })
        {
            (await Try(other, Phrases.Right)).Expect(400);
            (await Try(other, Phrases.Right, Wire)).Expect(400);
        }
    }

    [Fact]
    public async Task BRF_04_spellings_of_the_path_are_no_second_budget()
    {
        var alice = await Registered();
        await Wrong(alice.Email, 2);
        await Wrong(alice.Email, 1, "/api/v1/auth/LOGIN");
        await Wrong(alice.Email, 2, Wire);

        (await Try(alice.Email, Phrases.Right)).Expect(429, "ACCOUNT_LOCKED");
        (await Try(alice.Email, Phrases.Right, Wire)).Expect(429, "ACCOUNT_LOCKED");
        (await Try(alice.Email, Phrases.Right, "//api/v1/auth/login")).Expect(404);
        (await Try(alice.Email, Phrases.Right, "/api/v1/auth//login")).Expect(404);
        (await Try(alice.Email, Phrases.Right, "/api/auth/sign-in/EMAIL")).Expect(404);
    }

    [Fact]
    public async Task A_right_one_ends_the_count()
    {
        var alice = await Registered();
        for (var round = 1; round <= 3; round++)
        {
            await Wrong(alice.Email, 4);
            (await Try(alice.Email, Phrases.Right)).Expect(200);
        }

        Assert.Equal(0, await Attempts(alice.Email));
    }

    [Fact]
    public async Task Only_those_of_the_last_quarter_of_an_hour_count()
    {
        var (patient, hasty) = (await Registered(), await Registered());
        await Wrong(patient.Email, 4);
        await Wrong(hasty.Email, 1);
        house.Clock.Move(TimeSpan.FromMinutes(10));
        await Wrong(hasty.Email, 3);
        house.Clock.Move(TimeSpan.FromMinutes(4.9));
        await Wrong(hasty.Email, 1);
        IsLocked(await Try(hasty.Email, Phrases.Right), seconds: 1800);

        house.Clock.Move(TimeSpan.FromMinutes(0.1));
        await Wrong(patient.Email, 4);
        (await Try(patient.Email, Phrases.Right)).Expect(200);
    }

    private async Task Wrong(string email, int times, string path = V1)
    {
        for (var count = 0; count < times; count++)
        {
            (await Try(email, Phrases.Wrong, path)).Expect(401);
        }
    }

    private async Task<Person> Registered()
    {
        var person = house.Stranger();
        var body = JsonContent.Create(new { email = person.Email, password = person.Password });
        (await person.Send(HttpMethod.Post, "/api/v1/auth/register", body, ("X-Forwarded-For", NextAddress()))).Expect(201);

        return person;
    }

    private async Task<Reply> Try(string email, string password, string path = V1, HttpClient? http = null, string agent = "")
    {
        var address = new Uri(house.Address.GetLeftPart(UriPartial.Authority) + path);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            (http ?? house.Http).BaseAddress == house.Address ? address : new Uri(path, UriKind.Relative)
        )
        {
            Content = JsonContent.Create(new { email, password }),
        };
        request.Headers.Add("X-Forwarded-For", NextAddress());
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var response = await (http ?? house.Http).SendAsync(request);

        return await Reply.Of(response);
    }

    private Task<long> Attempts(string email) =>
        house.Database.Read<long>("select count(*) from auth.login_attempts where email = $1", email);

    private Task<long> Events(Person person, string type) =>
        house.Database.Read<long>(
            "select count(*) from auth.security_events e join auth.users u on u.id = e.user_id where u.email = $1 and e.event_type = $2",
            person.Email,
            type
        );

    private static string NextAddress()
    {
        var number = Interlocked.Increment(ref _visitors);

        return $"198.51.{number / 250 % 250}.{number % 250 + 1}";
    }

    private static void IsLocked(Reply reply, int seconds)
    {
        reply.Expect(429, "ACCOUNT_LOCKED");
        var told = reply.Json.GetProperty("retryAfterSec").GetInt32();
        Assert.InRange(told, seconds - 1, seconds + 1);
        Assert.Equal(told, reply.Json.GetProperty("remainingSeconds").GetInt32());
        Assert.Equal($"{told}", reply.Header("Retry-After"));
    }

    private static string Comparable(Reply reply)
    {
        var members = reply.Json.EnumerateObject().Where(member => member.Name is not ("timestamp" or "requestId"));

        return JsonSerializer.Serialize(members.ToDictionary(member => member.Name, member => member.Value.GetRawText()));
    }
}
