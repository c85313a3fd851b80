using System.Globalization;

namespace Mana.Platform.Database;

/// <summary>For work that reads or changes more than a request may; whoever has one says why at the top of its file.</summary>
/// <param name="Whole">How long an answer is waited for.</param>
/// <param name="Statement">How long one statement may take.</param>
public sealed record LongLimit(TimeSpan Whole, TimeSpan Statement)
{
    internal string StatementMilliseconds => Statement.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>The server gives up first and says so.</summary>
    internal int CommandSeconds => (int)Statement.TotalSeconds + 1;
}
