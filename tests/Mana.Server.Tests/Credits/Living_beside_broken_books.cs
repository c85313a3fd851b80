using Mana.Credits;
using Mana.Platform;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Credits;

/// <summary>Whose books are broken is not served; everybody beside and behind them is.</summary>
public sealed class Living_beside_broken_books : IClassFixture<House>
{
    private readonly House _house;

    public Living_beside_broken_books(House house)
    {
        _house = house;
        _house.ExpectErrors();
    }

    [Fact]
    public async Task A_spending_that_cannot_be_decided_fails_alone_in_its_group()
    {
        var (broken, others) = (await _house.Person("alice"), new List<Person>());
        for (var number = 0; number < 5; number++)
        {
            others.Add(await _house.Person($"p{number}"));
        }

        await using var books = await KeptBooks.Of(_house.Database);
        await Break(books, broken);
        var spend = _house.Services.GetRequiredService<SpendCredits>();

        // Without a round trip between them, so that all but the first are one group.
        var asked = Enumerable
            .Range(0, 50)
            .Select(number => spend.Run(new UserId(others[number % 5].Id), new Spending(1, "chat", "a spec", null, null)))
            .ToList();
        var failing = spend.Run(new UserId(broken.Id), new Spending(1, "chat", "a spec", null, null));
        asked.AddRange(others.Select(other => spend.Run(new UserId(other.Id), new Spending(1, "chat", "a spec", null, null))));

        Assert.All(await Task.WhenAll(asked), outcome => Assert.False(outcome.IsRefused));
        await Assert.ThrowsAsync<BrokenInvariantException>(() => failing);
        foreach (var other in others)
        {
            Assert.Equal(139, await other.Balance());
        }
    }

    [Fact]
    public async Task What_expires_is_posted_behind_more_owners_than_a_page_holds_of_whom_nothing_can_be()
    {
        const int pageful = 500;
        var bob = await _house.Person("bob");
        (await _house.Service().Grant(bob, 30, "short", expiresAt: _house.Clock.GetUtcNow().AddMinutes(1))).Expect(200);
        await using var books = await KeptBooks.Of(_house.Database);
        await books.Tamper(
            """
            insert into credits.accounts (
                owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, expires_at, created_at, updated_at,
                chain_id, chain_salt, chain_tail)
            select 'broken-' || n, 'person', 0, 0, 0, 0, 0, 0, a.daily_granted_at, a.due_at, a.daily_granted_at, a.created_at, a.updated_at,
                gen_random_uuid(), a.chain_salt, decode(repeat('00', 32), 'hex')
            from credits.accounts a, generate_series(1, $2) as n
            where a.owner_id = $1
            """,
            bob.Id,
            pageful
        );
        _house.Clock.Move(TimeSpan.FromMinutes(2));

        var failed = await Assert.ThrowsAsync<AggregateException>(() =>
            _house.Services.GetRequiredService<ExpireCredits>().Run(CancellationToken.None)
        );

        Assert.Equal(pageful, failed.InnerExceptions.Count);
        Assert.Equal(0, await _house.Database.Read<long>("select remaining from credits.lots where owner_id = $1", bob.Id));
        Assert.Equal(150, await bob.Balance());
    }

    /// <summary>Their row says that something has expired, and there is nothing that could.</summary>
    private static Task<int> Break(KeptBooks books, Person person) =>
        books.Tamper("update credits.accounts set expires_at = daily_granted_at where owner_id = $1", person.Id);
}
