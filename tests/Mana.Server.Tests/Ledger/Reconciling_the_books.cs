using Mana.Ledger;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mana.Specs.Ledger;

public sealed class Reconciling_the_books(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Whoever_holds_something_else_than_their_history_says_is_named_and_nobody_else_is()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Use(10)).Expect(200);
        (await new OtherService(house, "research").Reserve(bob, 20)).Expect(200);
        Assert.Empty(await Named());

        await house.Database.Tamper("update credits.accounts set paid = paid + 1 where owner_id = $1", alice.Id);
        var named = await Named();
        await house.Database.Tamper("update credits.accounts set paid = paid - 1 where owner_id = $1", alice.Id);

        Assert.Contains(alice.Id, Assert.Single(named), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update credits.accounts set held = held + 1 where owner_id = $1")]
    [InlineData("update credits.accounts set version = version + 1 where owner_id = $1")]
    [InlineData("delete from credits.transactions where owner_id = $1")]
    public async Task Every_side_of_it_is_compared(string tampering)
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper(tampering, alice.Id);

        var named = await Named();

        await house.Database.Tamper("delete from credits.transfers where owner_id = $1", alice.Id);
        await house.Database.Tamper("delete from credits.transactions where owner_id = $1", alice.Id);
        await house.Database.Tamper("delete from credits.accounts where owner_id = $1", alice.Id);
        Assert.Contains(alice.Id, Assert.Single(named), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_beyond_all_bounds_is_named_and_stands_in_nobodys_way()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await using var books = await KeptBooks.Of(house.Database);
        await house.Database.Tamper("alter table credits.accounts drop constraint accounts_free_in_range");
        await books.Tamper("update credits.accounts set free = 9223372036854775807, paid = 1 where owner_id = $1", alice.Id);
        await books.Tamper("update credits.accounts set paid = 1 where owner_id = $1", bob.Id);

        var named = await Named();

        Assert.Equal(2, named.Count);
        Assert.Contains(named, line => line.Contains(alice.Id, StringComparison.Ordinal));
        Assert.Contains(named, line => line.Contains(bob.Id, StringComparison.Ordinal));
    }

    /// <summary>What one walk logs, with a logger of its own: an error in the log of the house is a fault of the house.</summary>
    private async Task<IReadOnlyList<string>> Named()
    {
        var log = new Lines();
        await new ReconcileBooks(house.Services.GetRequiredService<Mana.Platform.Database.Db>(), log).Run(CancellationToken.None);

        return log.Written;
    }

    private sealed class Lines : ILogger<ReconcileBooks>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Add(formatter(state, exception));
    }
}
