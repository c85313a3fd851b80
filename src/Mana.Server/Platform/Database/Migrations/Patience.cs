using System.Globalization;
using System.Security.Cryptography;

namespace Mana.Platform.Database.Migrations;

/// <summary>Tries again, with growing and scattered pauses, what fails for a passing reason.</summary>
public sealed class Patience(TextWriter output, TimeProvider clock)
{
    /// <summary>How often <see cref="Try"/> tries at most.</summary>
    public const int Tries = 5;

    /// <summary>Runs <paramref name="attempt"/> until it succeeds, fails for a lasting reason, or has failed <see cref="Tries"/> times.</summary>
    /// <exception cref="MigrationException">The last try failed too.</exception>
    public async Task<T> Try<T>(Func<Task<T>> attempt, CancellationToken cancel)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception problem) when (TransientFailure.Is(problem) && !cancel.IsCancellationRequested)
            {
                var reason = TransientFailure.Reason(problem);
                if (number == Tries)
                {
                    throw new MigrationException(
                        $"the database could not be used in {Tries} tries; the last one ended with: {reason}",
                        problem
                    );
                }

                var pause = Pause(number);
                await output.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the database cannot be used yet ({reason}); try {number + 1} of {Tries} in {pause.TotalSeconds:0.0} s"
                    )
                );
                await Task.Delay(pause, clock, cancel);
            }
        }
    }

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Doubles with every try; the jitter of up to a half keeps migrators that failed together from coming back together.</summary>
    private static TimeSpan Pause(int number) =>
        FirstPause * Math.Pow(2, number - 1) * (1 + (RandomNumberGenerator.GetInt32(500) / 1000.0));
}
