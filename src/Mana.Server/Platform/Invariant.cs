using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mana.Platform;

/// <summary>Conditions the next line relies on. They hold in production too: a broken one is a 500, never a wrong answer.</summary>
public static class Invariant
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            throw new BrokenInvariantException(expression);
        }
    }
}

public sealed class BrokenInvariantException(string expression) : Exception($"Broken invariant: {expression}");
