using System.Globalization;
using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.SignUp;

/// <summary>MAX_DAILY_SIGNUPS (contract 1.1.1, 1.1.2, 3.10), B-83, B-93.</summary>
public sealed class Limiting_sign_ups_of_a_day(Limiting_sign_ups_of_a_day.SmallHouse house)
    : IClassFixture<Limiting_sign_ups_of_a_day.SmallHouse>
{
    private const string V1 = "/api/v1/auth/register";

    [Fact]
    public async Task B_93_of_thirty_at_once_on_two_instances_exactly_so_many_are_taken()
    {
        NextDay();
        await using var neighbour = await house.OpenNeighbour();

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(at => Register(at % 2 == 0 ? house.Http : neighbour.Http)));

        Assert.Equal(SmallHouse.DailyMax, replies.Count(reply => reply.Status == 201));
        Assert.All(replies.Where(reply => reply.Status != 201), reply => reply.Expect(429, "SIGNUP_LIMIT_REACHED"));
        Assert.Equal(SmallHouse.DailyMax, await Registered());
    }

    [Fact]
    public async Task B_93_the_day_begins_at_midnight_in_UTC()
    {
        NextDay();
        var midnight = new DateTimeOffset(house.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        house.Clock.Move(midnight - house.Clock.GetUtcNow() - TimeSpan.FromSeconds(90));
        await UseUp();

        var refused = await Register(house.Http);

        refused.Expect(429, "SIGNUP_LIMIT_REACHED");
        Assert.Equal(0, refused.Json.GetProperty("spotsRemaining").GetInt32());
        Assert.Equal(Text(midnight), refused.Text("resetsAt"));
        Assert.Equal("90", refused.Header("Retry-After"));
        Assert.Equal(
            $$"""{"registrationOpen":false,"spotsRemaining":0,"totalToday":10,"limit":10,"resetsAt":"{{Text(midnight)}}"}""",
            await Status()
        );
        house.Clock.Move(TimeSpan.FromSeconds(90));
        Assert.Equal(
            $$"""{"registrationOpen":true,"spotsRemaining":10,"totalToday":0,"limit":10,"resetsAt":"{{Text(midnight.AddDays(1))}}"}""",
            await Status()
        );
        (await Register(house.Http)).Expect(201);
    }

    [Fact]
    public async Task B_91_the_wire_is_no_way_around()
    {
        NextDay();
        await UseUp();

        var reply = await house
            .Nobody()
            .Post(
                "/api/auth/sign-up/email",
                new
                {
                    email = house.Stranger().Email,
                    password = Phrases.Right,
                    name = "A",
                }
            );

        reply.Expect(429, "SIGNUP_LIMIT_REACHED");
        Assert.Equal(["code", "message"], reply.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task B_83_whoever_is_erased_frees_no_place()
    {
        NextDay();
        await UseUp();

        await house.Database.Tamper("delete from auth.users");

        (await Register(house.Http)).Expect(429, "SIGNUP_LIMIT_REACHED");
    }

    [Fact]
    public async Task A_refused_sign_up_leaves_nothing_and_takes_no_place()
    {
        NextDay();
        var alice = house.Stranger();
        await Post(house.Http, alice.Email);
        for (var times = 0; times < 5; times++)
        {
            (await Post(house.Http, alice.Email)).Expect(409);
        }

        using var status = JsonDocument.Parse(await Status());
        Assert.Equal(9, status.RootElement.GetProperty("spotsRemaining").GetInt32());
    }

    private async Task UseUp()
    {
        for (var count = 0; count < SmallHouse.DailyMax; count++)
        {
            (await Register(house.Http)).Expect(201);
        }
    }

    private Task<Reply> Register(HttpClient http) => Post(http, house.Stranger().Email);

    private static Task<Reply> Post(HttpClient http, string email) =>
        Visitor.Ask(http, HttpMethod.Post, V1, Visitor.NewAddress(), new { email, password = Phrases.Right });

    private async Task<string> Status() => (await house.Nobody().Get("/api/v1/auth/signup-status")).Expect(200).Body;

    private Task<long> Registered() =>
        house.Database.Read<long>(
            "select count(*) from auth.security_events where event_type = 'REGISTER' and created_at >= $1",
            house.Clock.GetUtcNow().UtcDateTime.Date
        );

    private void NextDay() => house.Clock.Move(TimeSpan.FromDays(1));

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A house that takes ten people a day.</summary>
    public sealed class SmallHouse : House
    {
        public const int DailyMax = 10;

        protected override void Configure(Dictionary<string, string> environment) => environment["MAX_DAILY_SIGNUPS"] = $"{DailyMax}";
    }
}
