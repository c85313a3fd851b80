using System.Diagnostics;
using Mana.Specs.World;
using Npgsql;

namespace Mana.Specs.Faults;

/// <summary>Errors raised inside PostgreSQL: what a sick database says is a 503, what only a fault of ours can cause is an honest 500.</summary>
[Trait("Category", "Faults")]
public sealed class When_PostgreSQL_says_no(When_PostgreSQL_says_no.SickHouse house) : IClassFixture<When_PostgreSQL_says_no.SickHouse>
{
    private const string Text = "text nobody outside may read";

    [Theory]
    [InlineData("53100", 503, "SERVICE_UNAVAILABLE")] // disk full
    [InlineData("53200", 503, "SERVICE_UNAVAILABLE")] // out of memory
    [InlineData("53300", 503, "SERVICE_UNAVAILABLE")] // too many connections
    [InlineData("55P03", 503, "SERVICE_UNAVAILABLE")] // lock not available
    [InlineData("57014", 503, "SERVICE_UNAVAILABLE")] // statement timeout
    [InlineData("57P01", 503, "SERVICE_UNAVAILABLE")] // shutting down
    [InlineData("58030", 503, "SERVICE_UNAVAILABLE")] // I/O error
    [InlineData("25006", 503, "SERVICE_UNAVAILABLE")] // a standby
    [InlineData("40001", 503, "SERVICE_UNAVAILABLE")] // serialization failure, three times
    [InlineData("40P01", 503, "SERVICE_UNAVAILABLE")] // deadlock, three times
    [InlineData("22021", 400, "VALIDATION")] // a character no text can hold
    [InlineData("XX000", 500, "INTERNAL")]
    [InlineData("42501", 500, "INTERNAL")] // a policy of ours
    [InlineData("23514", 500, "INTERNAL")] // a rule the verb should have known
    public async Task Spending_answers_as_documented_and_charges_nothing(string sqlState, int status, string code)
    {
        var alice = await house.Person("alice");
        await house.Refuse("credits.transactions", sqlState);

        var reply = await alice.Use(10, key: "sick");

        reply.Expect(status, code);
        Assert.DoesNotContain(Text, reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(sqlState, reply.Body, StringComparison.Ordinal);
        await house.Heal();
        Assert.Equal(150, await alice.Balance());
        Assert.Null((await alice.Use(10, key: "sick")).Expect(200).Header("Idempotency-Hit"));
    }

    [Theory]
    [InlineData("53100", 503, "SERVICE_UNAVAILABLE", "Service temporarily unavailable")]
    [InlineData("XX000", 500, "INTERNAL_SERVER_ERROR", "Internal Server Error")]
    public async Task Signing_up_on_the_wire_answers_in_its_words(string sqlState, int status, string code, string message)
    {
        var newcomer = house.Stranger();
        await house.Refuse("auth.passwords", sqlState);
        var signUp = new
        {
            email = newcomer.Email,
            password = newcomer.Password,
            name = "New",
        };

        var reply = await newcomer.Post("/api/auth/sign-up/email", signUp);

        reply.Expect(status);
        Assert.Equal($$"""{"message":"{{message}}","code":"{{code}}"}""", reply.Body);
        await house.Heal();
        Assert.Equal(SignUpRemains.Nothing, await SignUpRemains.Of(house.Database, newcomer.Email));
        (await newcomer.Post("/api/auth/sign-up/email", signUp)).Expect(200);
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Two_clashes_are_repeated_inside_and_charge_once(string sqlState)
    {
        var alice = await house.Person("alice");
        await house.Refuse("credits.transactions", sqlState, times: 2);

        (await alice.Use(10)).Expect(200);

        Assert.Equal(3, await house.Tries());
        await house.Heal();
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task A_lock_that_is_not_released_is_a_503_for_its_owner_and_nothing_for_others()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await using var rival = await house.Database.AsAdmin();
        await using var transaction = await rival.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("select 1 from credits.accounts where owner_id = $1 for update", rival);
        hold.Parameters.Add(new NpgsqlParameter { Value = alice.Id });
        await hold.ExecuteNonQueryAsync();
        var started = Stopwatch.GetTimestamp();

        var waiting = Enumerable.Range(0, 5).Select(_ => alice.Use(1)).ToArray();
        (await bob.Use(1)).Expect(200);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        Assert.All(await Task.WhenAll(waiting), reply => reply.Expect(503, "SERVICE_UNAVAILABLE"));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6));
        await transaction.RollbackAsync();
        Assert.Equal(150, await alice.Balance());
    }

    /// <summary>A house whose tables can be made to refuse every new row.</summary>
    public sealed class SickHouse : House
    {
        public SickHouse() => ExpectErrors();

        /// <param name="times">How often before it is well again; the count survives the rollbacks because sequences do.</param>
        public async Task Refuse(string table, string sqlState, int times = int.MaxValue)
        {
            await Heal(); // a spec that failed may have left its own behind
            await Database.Tamper("create sequence public.tries; grant usage on sequence public.tries to public");
            await Database.Tamper(
                $"""
                create function public.refuse() returns trigger language plpgsql as $body$
                begin
                    if nextval('public.tries') <= {times} then
                        raise exception '{Text}' using errcode = '{sqlState}';
                    end if;
                    return new;
                end
                $body$
                """
            );
            await Database.Tamper($"create trigger refuse before insert on {table} for each row execute function public.refuse()");
        }

        public Task<long> Tries() => Database.Read<long>("select last_value from public.tries");

        public async Task Heal()
        {
            await Database.Tamper("drop function if exists public.refuse() cascade");
            await Database.Tamper("drop sequence if exists public.tries");
        }
    }
}
