using Mana.Specs.World;

namespace Mana.Specs.Ledger;

/// <summary>Whoever alters the books past every policy is found, and the check says in whose history and where (ruling 18d).</summary>
public sealed class Tampering_with_the_books(House house) : IClassFixture<House>
{
    private const int Few = 60;

    private const int Many = 1_000;

    [Fact]
    public Task Sixty_deeds_of_every_kind_are_all_found_and_named() => AllAreFound(Few);

    [Fact]
    [Trait("Category", "Faults")]
    public Task A_thousand_deeds_of_every_kind_are_all_found_and_named() => AllAreFound(Many);

    private async Task AllAreFound(int deeds)
    {
        var tampering = new Tampering(house);
        await tampering.Prepare();
        await using var books = await KeptBooks.Of(house.Database);
        await house.BooksBalance();
        var escaped = new List<string>();
        for (var number = 0; number < deeds; number++)
        {
            if (await tampering.Escapes(books, tampering.Of(number)) is { } escape)
            {
                escaped.Add($"deed {number}: {escape}");
            }
        }

        Assert.True(escaped.Count == 0, $"{escaped.Count} of {deeds} escaped:\n{string.Join('\n', escaped)}");
        await house.BooksBalance();
    }
}
