using Mana.Build.Machine;

namespace Mana.Build.Tour;

/// <summary>Tells each step of the tour and stops at the first that is not as promised, with the exchange that broke the promise.</summary>
internal static class Guide
{
    public static void Head(string text) => Say.Line($"\n{text}");

    public static void Expect(Exchange exchange, string promise, bool isKept)
    {
        if (!isKept)
        {
            Say.Line($"  ✗ {promise}");
            throw new Failure($"the tour stopped: {promise}\n\n{exchange}");
        }
        Say.Line($"  ✓ {promise}");
    }

    public static void Expect(Exchange exchange, int status, string promise, bool isKept = true) =>
        Expect(exchange, promise, exchange.Status == status && isKept);
}
