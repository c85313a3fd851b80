using Mana.Ledger.Proofs;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Protocols.Passwords;
using Mana.Protocols.Sodium;
using Mana.Tokens;
using Npgsql;

namespace Mana.Operations;

/// <summary>
/// Serves. Everything that must be right is looked at before a port opens: settings, Unicode, cryptography, role, schema, keys. A database
/// that does not answer yet is waited for, because it may start after us; a wrong one is exit 1.
/// </summary>
public static class ServeCommand
{
    /// <summary>How long a database may take to answer for the first time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Then the memory that only a start needs is given back; not at once, so that the first requests do not wait for it.</summary>
    private static readonly TimeSpan UntilStarted = TimeSpan.FromMilliseconds(500);

    public static Task<int> Run(IReadOnlyDictionary<string, string> environment, TextWriter output) =>
        Run(environment, output, TimeProvider.System);

    public static async Task<int> Run(IReadOnlyDictionary<string, string> environment, TextWriter output, TimeProvider clock)
    {
        try
        {
            var settings = Settings.Read(environment);
            SocketContinuations.Choose(settings.Http);
            var greeting = Task.Run(() => Greet(settings.Database));
            UnicodeSelfTest.Run();
            SodiumLibrary.SelfTest();
            await using var app = App.Build(settings, clock);
            await greeting;
            await Prepare(app.Services, output);
            foreach (var warning in settings.Warnings)
            {
                await output.WriteLineAsync(warning);
            }

            await app.StartAsync();
            var shutdown = app.WaitForShutdownAsync();
            await Task.WhenAny(shutdown, Task.Delay(UntilStarted));
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            await shutdown;
            return 0;
        }
        catch (SettingsException wrong)
        {
            await output.WriteLineAsync("The service does not start:");
            foreach (var problem in wrong.Problems)
            {
                await output.WriteLineAsync($"  - {problem}");
            }

            return 1;
        }
        catch (Exception wrong)
            when (wrong
                    is WrongKekException
                        or TooPowerfulRoleException
                        or SodiumMissingException
                        or UnservableSchemaException
                        or SilentDatabaseException
            )
        {
            await output.WriteLineAsync($"The service does not start: {wrong.Message}");
            return 1;
        }
        catch (PostgresException refused)
        {
            // The server's own sentence names users and databases; its state is enough to look up which setting is wrong.
            await output.WriteLineAsync(
                $"The service does not start: the database of DATABASE_URL refuses with SQLSTATE {refused.SqlState}."
            );
            return 1;
        }
    }

    /// <summary>
    /// A first connection while the parts of the service are put together: most of a start is finding code for the first time, and another
    /// processor finds this share of it meanwhile. Whether the database is one to serve from, <see cref="Prepare"/> says.
    /// </summary>
    private static async Task Greet(DatabaseSettings settings)
    {
        try
        {
            await using var source = DataSources.Create(settings);
            await using var connection = await source.OpenConnectionAsync();
        }
        catch (Exception absent) when (absent is NpgsqlException or TimeoutException)
        {
            // Prepare meets the same, and waits or explains.
        }
    }

    /// <summary>What has to be true before the first request; specs that start the server in their own process call it too.</summary>
    public static async Task Prepare(IServiceProvider services, TextWriter output)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await services.GetRequiredService<AppRole>().Check(CancellationToken.None);
                await RequireSchema(services.GetRequiredService<Schema>());

                // Keys before the canary: a key that opens nothing must not leave one behind.
                await services.GetRequiredService<SigningKeys>().Load(CancellationToken.None);
                await services.GetRequiredService<KekCanary>().Check(CancellationToken.None);
                await services.GetRequiredService<SealKeys>().Signer(CancellationToken.None);
                await services.GetRequiredService<SealBooks>().Register(CancellationToken.None);
                return;
            }
            catch (Exception absent) when (IsTransient(absent) && clock.GetElapsedTime(started) < Patience)
            {
                await output.WriteLineAsync("Waiting for the database …");
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
            catch (Exception absent) when (absent is (NpgsqlException and not PostgresException) or TimeoutException)
            {
                throw new SilentDatabaseException(absent);
            }
        }
    }

    private static bool IsTransient(Exception absent) => absent is NpgsqlException { IsTransient: true } or TimeoutException;

    private static async Task RequireSchema(Schema schema)
    {
        if (!await schema.IsServable(CancellationToken.None))
        {
            throw new UnservableSchemaException();
        }
    }
}

/// <summary>In our own words: those of the cause name hosts and users.</summary>
public sealed class SilentDatabaseException(Exception cause) : Exception("the database of DATABASE_URL does not answer.", cause);

public sealed class UnservableSchemaException()
    : Exception("The database schema is not one this binary can serve; run the migrations of its release.");
