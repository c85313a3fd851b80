using Mana.Platform;

namespace Mana.Specs.Platform;

/// <summary>ADR-0019.</summary>
public sealed class Choosing_where_sockets_go_on
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Only_without_processors_to_spare_the_thread_that_hears_of_a_socket_does_the_work(int processors, bool isInline) =>
        Assert.Equal(isInline, SocketContinuations.AreInline(chosen: null, processors));

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 1)]
    public void What_the_operator_has_chosen_stays(bool chosen, int processors) =>
        Assert.Equal(chosen, SocketContinuations.AreInline(chosen, processors));
}
