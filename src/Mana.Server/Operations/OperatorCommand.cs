using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Operations;

/// <summary>
/// What commands share that change a running system: the settings of the service, its database, and a sentence for whatever goes wrong.
/// They write as the service does; the instances hear of it through the feed.
/// </summary>
public static class OperatorCommand
{
    public const int Done = 0;

    public const int Wrong = 1;

    public const int Misused = 2;

    /// <summary>An operator has no address of their own in the audit: the name of the command stands where a browser's would.</summary>
    public static Requester As(string command) => new("", $"mana-server {command}", "");

    public static async Task<int> Misunderstood(TextWriter output, string usage)
    {
        await output.WriteLineAsync(usage);

        return Misused;
    }

    public static Task<int> Run(IReadOnlyDictionary<string, string> environment, TextWriter output, Func<Settings, Db, Task<int>> act) =>
        Explained(
            output,
            async () =>
            {
                var settings = Settings.Read(environment);
                await using var source = DataSources.Create(settings.Database with { PoolMax = 2 });

                return await act(settings, new Db(source));
            }
        );

    /// <summary>What a command ends with, or 1 and a sentence about what kept it from its end.</summary>
    public static async Task<int> Explained(TextWriter output, Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (SettingsException wrong)
        {
            foreach (var problem in wrong.Problems)
            {
                await output.WriteLineAsync(problem);
            }
        }
        catch (WrongKekException wrong)
        {
            await output.WriteLineAsync(wrong.Message);
        }
        catch (OutcomeUnknownException)
        {
            await output.WriteLineAsync("The connection broke while committing: nobody knows whether it happened. Run it again.");
        }
        catch (PostgresException refused)
        {
            await output.WriteLineAsync($"The database refuses with SQLSTATE {refused.SqlState}; nothing has changed.");
        }
        catch (Exception absent) when (absent is NpgsqlException or TimeoutException)
        {
            await output.WriteLineAsync("The database of DATABASE_URL does not answer; nothing has changed.");
        }

        return Wrong;
    }
}
