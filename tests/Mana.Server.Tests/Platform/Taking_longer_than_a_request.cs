using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Platform;

/// <summary>Work with a long limit tells the server so, in its own transaction and nowhere else.</summary>
public sealed class Taking_longer_than_a_request(House house) : IClassFixture<House>
{
    private static readonly Scope Asking = Scope.Service("ask how long a statement may take");

    [Fact]
    public async Task A_long_limit_holds_for_whoever_has_it_and_for_nobody_after_them()
    {
        var ordinary = house.Services.GetRequiredService<Db>();
        var patient = ordinary.Within(new LongLimit(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(30)));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("30s", await Read(patient));
            Assert.Equal("30s", await Transacted(patient));
            Assert.Equal("4s", await Read(ordinary));
            Assert.Equal("4s", await Transacted(ordinary));
        }
    }

    private static async Task<string> Read(Db db) =>
        (await db.All<One<string>>(Asking, $"select current_setting('statement_timeout')", CancellationToken.None)).Single().Value;

    private static async Task<string> Transacted(Db db) =>
        (
            await db.Transact<string>(
                Asking,
                async tx => (await tx.Value<string>($"select current_setting('statement_timeout')"))!,
                CancellationToken.None
            )
        ).Value;
}
