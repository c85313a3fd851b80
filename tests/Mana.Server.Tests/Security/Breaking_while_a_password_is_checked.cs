using System.Net.Http.Json;
using Mana.Security;
using Mana.Specs.World;

namespace Mana.Specs.Security;

/// <summary>BRF-08, B-40: only a password that was looked at and found wrong counts.</summary>
public sealed class Breaking_while_a_password_is_checked(Breaking_while_a_password_is_checked.NarrowHouse house)
    : IClassFixture<Breaking_while_a_password_is_checked.NarrowHouse>
{
    [Theory]
    [InlineData("auth.security_events")]
    [InlineData("auth.login_attempts")]
    [InlineData("auth.passwords")]
    public async Task B_40_a_table_that_is_away_counts_against_nobody_and_lets_nobody_in(string table)
    {
        var alice = await Registered();
        await house.Database.Tamper($"alter table {table} rename to away");
        try
        {
            for (var times = 0; times < 8; times++)
            {
                Assert.InRange((await Try(alice, times % 2 == 0 ? Phrases.Wrong : Phrases.Right)).Status, 500, 503);
                house.Clock.Move(Lockout.PendingMax);
            }
        }
        finally
        {
            await house.Database.Tamper($"alter table auth.away rename to {table.Split('.')[1]}");
        }

        for (var times = 0; times < 4; times++)
        {
            (await Try(alice, Phrases.Wrong)).Expect(401);
        }

        (await Try(alice, Phrases.Right)).Expect(200);
    }

    [Fact]
    public async Task A_try_that_found_no_room_to_be_hashed_does_not_count()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => await Registered()));

        var answers = await Task.WhenAll(people.SelectMany(person => Enumerable.Range(0, 3).Select(_ => Try(person, Phrases.Wrong))));

        Assert.Contains(answers, answer => answer.Status == 503);
        Assert.All(answers.Where(answer => answer.Status != 401), answer => answer.Expect(503, "SERVICE_UNAVAILABLE"));
        Assert.Equal(
            $"{answers.Count(answer => answer.Status == 401)} of {answers.Count(answer => answer.Status == 401)}",
            await house.Database.Read<string>(
                "select count(failed_at) || ' of ' || count(*) from auth.login_attempts where email = any (string_to_array($1, ' '))",
                string.Join(' ', people.Select(person => person.Email))
            )
        );
    }

    private async Task<Person> Registered()
    {
        var person = house.Stranger();
        while ((await Post("/api/v1/auth/register", person, Phrases.Right)).Status != 201)
        {
            await Task.Delay(20); // no room to hash just now
        }

        return person;
    }

    private Task<Reply> Try(Person person, string password) => Post("/api/v1/auth/login", person, password);

    private static Task<Reply> Post(string path, Person person, string password) =>
        person.Send(
            HttpMethod.Post,
            path,
            JsonContent.Create(new { email = person.Email, password }),
            (
                "X-Forwarded-For",
                $"198.51.100.{Random.Shared.Next(256)}, 2001:db8:{Random.Shared.Next(0xFFFF):x}:{Random.Shared.Next(0xFFFF):x}::1"
            )
        );

    /// <summary>A house with limits, and room for one hash to wait.</summary>
    public sealed class NarrowHouse : House
    {
        public NarrowHouse() => ExpectErrors();

        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["RATE_LIMITS"] = "on";
            environment["TRUSTED_PROXIES"] = "127.0.0.1,::1";
            environment["PASSWORD_QUEUE_MAX"] = "1";
        }
    }
}
