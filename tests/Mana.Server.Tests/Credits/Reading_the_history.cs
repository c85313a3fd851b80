using Mana.Specs.World;

namespace Mana.Specs.Credits;

public sealed class Reading_the_history(House house) : IClassFixture<House>
{
    [Fact]
    public async Task It_is_newest_first_and_every_row_begins_where_the_one_before_ended()
    {
        var alice = await house.Person("alice");
        for (var amount = 1; amount <= 5; amount++)
        {
            (await alice.Use(amount)).Expect(200);
        }

        var reply = (await alice.Get("/api/v1/credits/transactions")).Expect(200);
        var rows = reply.Json.EnumerateArray().ToArray();

        Assert.Equal("6", reply.Header("X-Total-Count"));
        Assert.Equal([-5, -4, -3, -2, -1, 150], rows.Select(row => row.GetProperty("amount").GetInt64()));
        foreach (var (newer, older) in rows.Zip(rows.Skip(1)))
        {
            Assert.Equal(older.GetProperty("balanceAfter").GetInt64(), newer.GetProperty("balanceBefore").GetInt64());
        }
    }

    [Fact]
    public async Task What_is_due_is_posted_before_it_is_shown_and_is_counted()
    {
        var alice = await house.Person("alice");
        (await house.Service().Reserve(alice, 100, ttlSeconds: 60)).Expect(200);
        house.Clock.Move(TimeSpan.FromHours(24));
        await alice.Login();

        var reply = (await alice.Get("/api/v1/credits/transactions")).Expect(200);

        Assert.Equal("4", reply.Header("X-Total-Count"));
        Assert.Equal(
            ["Daily free credits", "Reservation expired", "research:summary", "Signup bonus"],
            reply.Json.EnumerateArray().Select(row => row.GetProperty("description").GetString())
        );
        Assert.Equal(155, await alice.Balance());
        Assert.Equal(reply.Body, (await alice.Get("/api/v1/credits/transactions")).Expect(200).Body);
    }

    [Fact]
    public async Task Pages_by_offset_and_by_the_last_row_seen_agree()
    {
        var alice = await house.Person("alice");
        for (var amount = 1; amount <= 6; amount++)
        {
            (await alice.Use(amount)).Expect(200);
        }

        var first = (await alice.Get("/api/v1/credits/transactions?limit=3")).Expect(200).Json.EnumerateArray().ToArray();
        var byOffset = (await alice.Get("/api/v1/credits/transactions?limit=3&offset=3")).Expect(200);
        var before = first[^1].GetProperty("id").GetString();
        var byRow = (await alice.Get($"/api/v1/credits/transactions?limit=3&before={before}")).Expect(200);

        Assert.Equal(3, first.Length);
        Assert.Equal(byOffset.Body, byRow.Body);
    }

    [Fact]
    public async Task It_can_be_narrowed_to_an_app_or_a_kind_and_then_names_no_total()
    {
        var alice = await house.Person("alice");
        await alice.Use(1, appId: "chat");
        await alice.Use(2, appId: "picture");

        var byApp = (await alice.Get("/api/v1/credits/transactions?appId=picture")).Expect(200);
        var byType = (await alice.Get("/api/v1/credits/transactions?type=bonus")).Expect(200);

        Assert.Equal(-2, Assert.Single(byApp.Json.EnumerateArray().ToArray()).GetProperty("amount").GetInt64());
        Assert.Equal(150, Assert.Single(byType.Json.EnumerateArray().ToArray()).GetProperty("amount").GetInt64());
        Assert.Null(byApp.Header("X-Total-Count"));
    }

    [Fact]
    public async Task Somebody_elses_row_as_the_last_one_seen_shows_nothing()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var foreign = (await bob.Use(1)).Json.GetProperty("transaction").GetProperty("id").GetString();

        Assert.Equal("[]", (await alice.Get($"/api/v1/credits/transactions?before={foreign}")).Expect(200).Body);
    }

    [Fact]
    public async Task Filters_and_pages_go_together()
    {
        var alice = await house.Person("alice");
        for (var amount = 1; amount <= 6; amount++)
        {
            await alice.Use(amount, appId: amount % 2 == 0 ? "chat" : "picture");
        }

        var first = (await alice.Get("/api/v1/credits/transactions?appId=chat&type=usage&limit=2")).Expect(200);
        var last = first.Json.EnumerateArray().Last().GetProperty("id").GetString();
        var byRow = (await alice.Get($"/api/v1/credits/transactions?appId=chat&limit=2&before={last}")).Expect(200);
        var byOffset = (await alice.Get("/api/v1/credits/transactions?appId=chat&type=usage&limit=2&offset=2")).Expect(200);

        Assert.Equal([-6, -4], first.Json.EnumerateArray().Select(row => row.GetProperty("amount").GetInt64()));
        Assert.Equal([-2], byRow.Json.EnumerateArray().Select(row => row.GetProperty("amount").GetInt64()));
        Assert.Equal(byRow.Body, byOffset.Body);
        Assert.Equal("[]", (await alice.Get("/api/v1/credits/transactions?appId=chat&type=refund")).Expect(200).Body);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=1e1")]
    [InlineData("offset=-1")]
    [InlineData("offset=1001", "before")]
    [InlineData("before=1")]
    public async Task What_is_no_page_is_refused_and_a_deep_one_is_told_how_to_be_asked_for(string query, string named = "must be")
    {
        var refused = (await (await house.Person("alice")).Get($"/api/v1/credits/transactions?{query}")).Expect(400, "VALIDATION");

        Assert.Contains(named, refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CRD_17_ten_thousand_rows_of_one_instant_are_paged_through_once_each_while_more_are_written()
    {
        const int rows = 10_000;
        var alice = await house.Person("alice");
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper(
            """
            insert into credits.transactions (
                owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, created_at, completed_at, hash, xid)
            select t.owner_id, n, gen_random_uuid(), 'usage', 'completed', 0, t.balance_after, t.balance_after, 'chat', 'old', t.created_at,
                t.created_at, t.hash, t.xid
            from credits.transactions t
            cross join generate_series(2, $2) n
            where t.owner_id = $1 and t.seq = 1
            """,
            alice.Id,
            rows
        );
        await books.Tamper("update credits.accounts set version = $2 where owner_id = $1", alice.Id, (long)rows);
        var seen = new List<Guid>();
        var path = "/api/v1/credits/transactions?limit=200";
        for (var page = path; ; page = $"{path}&before={seen[^1]}")
        {
            var ids = (await alice.Get(page)).Expect(200).Json.EnumerateArray().Select(row => row.GetProperty("id").GetGuid()).ToArray();
            seen.AddRange(ids);
            if (ids.Length == 0)
            {
                break;
            }

            (await alice.Use(1)).Expect(200);
        }

        Assert.Equal(rows, seen.Count);
        Assert.Equal(rows, seen.Distinct().Count());
    }
}
