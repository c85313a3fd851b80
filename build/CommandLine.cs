using Mana.Build.Commands;
using Mana.Build.Machine;
using Mana.Build.Scaffolds;

namespace Mana.Build;

/// <summary>One command of ./mana: its name, what it takes, what it does in a sentence.</summary>
internal sealed record Command(string Name, string Takes, string Does, Func<string[], Toolbox, Task<int>> Run);

/// <summary>Chooses the command, prints help, turns an error into its message and an exit code.</summary>
internal static class CommandLine
{
    private const int Wrong = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;
    private const int NameWidth = 34;

    private static readonly Command[] All =
    [
        new("dev", "", "sets up everything and runs the server on PORT (3001) until Ctrl-C", Dev.Run),
        new("tour", "", "walks the main job over HTTP against the running server", TourCommand.Run),
        new("test", "[slice]", "runs every spec, or those of one slice", Test.Everything),
        new("check", "", "builds, checks the format and runs the specs that need no server", Test.Check),
        new("faults", "", "runs the fault specs in 20 rounds on a durable PostgreSQL", Test.Faults),
        new("mutants", "[name ...]", "plants known bugs into a copy and runs the spec that has to find each", Mutants.Run),
        new(
            "bench",
            "[--peers | --sessions | --growth | --more-growth | --proofs | --endurance] [--rounds N] [--seconds S] [--connections C] [endpoint ...]",
            "measures the server as shipped beside a bare one; with --peers also beside Better Auth on Node and Bun",
            Bench.Run
        ),
        new("migrate", "[up|status|verify] [--roles] [--dry-run]", "runs the migrations of the dev database", ServerCommands.Migrate),
        new(
            "check-books",
            "[--head HEAD|FILE] [--keys FILE]",
            "recomputes the ledger of the dev database, its hashes and its seals",
            ServerCommands.CheckBooks
        ),
        new("verify-receipt", "FILE --keys FILE", "checks a receipt with the public keys alone", ServerCommands.VerifyReceipt),
        new(
            "users",
            "ban|unban|role|restore EMAIL ...",
            "keeps people of the dev database out, or lets them in again",
            ServerCommands.Users
        ),
        new("keys", "status|rotate|revoke KID", "shows or turns the signing keys of the dev database", ServerCommands.Keys),
        new("docs", "", "writes docs/reference anew from the code", ServerCommands.Docs),
        new("new migration", "NAME", "makes the next migration file", NewMigration.Run),
        new("new door", "VERB PATH --slice SLICE", "makes a door and its first spec", NewDoor.Run),
    ];

    public static async Task<int> Run(string[] arguments)
    {
        if (arguments is [] or ["help" or "--help" or "-h"])
        {
            Help();
            return 0;
        }
        if (Chosen(arguments) is not var (command, rest))
        {
            Console.Error.WriteLine($"mana: there is no command '{string.Join(' ', arguments)}'.");
            Help();
            return Misused;
        }
        using var signals = new StopSignals();
        try
        {
            var checkout = Checkout.Find();
            return await command.Run(rest, new Toolbox(checkout, await Folders.For(checkout), signals.Token));
        }
        catch (Misuse misuse)
        {
            Console.Error.WriteLine($"mana {command.Name}: {misuse.Message}");
            Console.Error.WriteLine($"Usage: ./mana {command.Name} {command.Takes}");
            return Misused;
        }
        catch (Exception) when (signals.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Failure failure)
        {
            Say.Error(failure);
            return Wrong;
        }
    }

    private static (Command Command, string[] Words)? Chosen(string[] arguments)
    {
        foreach (var command in All)
        {
            var words = command.Name.Split(' ');
            if (arguments.Length >= words.Length && arguments.Take(words.Length).SequenceEqual(words))
            {
                return (command, arguments[words.Length..]);
            }
        }
        return null;
    }

    private static void Help()
    {
        Console.WriteLine("Usage: ./mana COMMAND");
        Console.WriteLine();
        foreach (var command in All)
        {
            var name = $"{command.Name} {command.Takes}".TrimEnd();
            Console.WriteLine(
                name.Length < NameWidth
                    ? $"  {name.PadRight(NameWidth)}{command.Does}"
                    : $"  {name}\n  {new string(' ', NameWidth)}{command.Does}"
            );
        }
        Console.WriteLine();
        Console.WriteLine(
            "PostgreSQL: DATABASE_URL names a server of your own; without it one is found, or fetched, and kept to this checkout."
        );
        Console.WriteLine(
            "MANA_PG_BIN names a folder with its programs; MANA_PG_SOURCE=installed|npm|debian chooses where they come from."
        );
    }
}
