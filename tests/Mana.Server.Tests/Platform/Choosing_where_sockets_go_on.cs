using Mana.Platform;

namespace Mana.Specs.Platform;

/// <summary>ADR-0019.</summary>
public sealed class Choosing_where_sockets_go_on
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_processors_to_spare_the_thread_that_hears_of_a_socket_does_the_work(int processors)
    {
        var chosen = SocketContinuations.Choice(processors, Nothing);

        Assert.Equal("1", chosen[SocketContinuations.Inline]);
        Assert.Equal("1", chosen[SocketContinuations.Threads]);
    }

    [Fact]
    public void With_more_of_them_the_runtime_decides() => Assert.Empty(SocketContinuations.Choice(3, Nothing));

    [Theory]
    [InlineData(SocketContinuations.Inline, "0")]
    [InlineData(SocketContinuations.Threads, "2")]
    public void What_the_operator_has_chosen_stays(string name, string value) =>
        Assert.Empty(SocketContinuations.Choice(2, new Dictionary<string, string> { [name] = value }));
}
