namespace Mana.Platform.Http;

/// <summary>
/// What a stranger asks for on behalf of an address is answered no sooner than this, whether or not there was something to do, so that the
/// time tells nothing (wire section 7.6, ENU-03).
/// </summary>
public static class AnswerFloor
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);

    /// <summary>Started before the work and awaited after it.</summary>
    public static Task Start(CancellationToken cancel) => Task.Delay(Least, cancel);
}
