using System.Diagnostics;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build;

/// <summary>The built server: its subcommands and the environment it gets from us, which is the one the published server reads too.</summary>
internal sealed class ServerProgram(Toolbox tools, PostgresServer postgres, string? libraries)
{
    private const string StandardPort = "3001";

    public static string Port => Toolbox.Setting("PORT") ?? StandardPort;

    public static string Address => Toolbox.Setting("BASE_URL") ?? $"http://localhost:{Port}";

    /// <summary>The built server with everything it needs: libraries and a PostgreSQL for this purpose.</summary>
    public static async Task<ServerProgram> On(PostgresServer postgres, Toolbox tools) => new(tools, postgres, await Sodium.Path(tools));

    /// <summary>Runs a subcommand that needs no database.</summary>
    public static async Task<int> Alone(string[] arguments, Toolbox tools)
    {
        var environment = new Dictionary<string, string?>(Binaries.LibraryPath(await Sodium.Path(tools)), StringComparer.Ordinal);
        return await Run.Visibly(
            new Invocation(tools.Dotnet, [tools.Checkout.ServerDll, .. arguments]) { Environment = environment },
            tools.Stop
        );
    }

    /// <summary>Runs a subcommand on our terminal and returns its exit code.</summary>
    public Task<int> Command(params string[] arguments) => Run.Visibly(Describe(arguments), tools.Stop);

    /// <summary>Starts the server itself.</summary>
    public Process Serve() => Run.Begin(Describe(["serve"]));

    /// <summary>Makes the roles and the database where they are missing and applies what migrations are new.</summary>
    public async Task Prepare()
    {
        await MakeRoles([]);
        var migrated = await Run.Quietly(Describe(["migrate", "up"]));
        if (migrated.Failed)
        {
            throw new Failure($"The migrations were not applied:\n{migrated.Output.Trim()}", "see the state: ./mana migrate status");
        }
    }

    /// <summary>Makes the three roles and the database, which is all the privileged login is ever used for.</summary>
    public async Task MakeRoles(string[] options)
    {
        if (postgres.Admin is null)
        {
            return;
        }
        var made = await Run.Quietly(Describe(["migrate", "--roles", .. options]));
        if (made.Failed)
        {
            throw postgres.IsForeign
                ? new Failure(
                    $"The login of DATABASE_URL could not make the roles and the database of Mana:\n{made.Output.Trim()}",
                    "use a login that may: alter role NAME with createrole createdb; or a superuser",
                    "make the roles yourself and set DATABASE_URL (mana_app) and MIGRATION_DATABASE_URL (mana_owner)",
                    "unset DATABASE_URL: ./mana then brings its own PostgreSQL"
                )
                : new Failure($"The roles and the database could not be made:\n{made.Output.Trim()}");
        }
    }

    private Invocation Describe(string[] arguments)
    {
        var isForRoles = arguments.Contains("--roles");
        var environment = new Dictionary<string, string?>(Binaries.LibraryPath(libraries), StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["PORT"] = Port,
            ["BASE_URL"] = Address,
            ["DATABASE_URL"] = postgres.App.ToString(),
            ["MIGRATION_DATABASE_URL"] = postgres.Owner.ToString(),
            // The privileged login makes roles and nothing else; the serving process must not be able to use it.
            ["ADMIN_DATABASE_URL"] = isForRoles ? postgres.Admin?.ToString() ?? Toolbox.Setting("ADMIN_DATABASE_URL") : null,
        };
        if (!postgres.IsForeign)
        {
            environment["LISTEN_DATABASE_URL"] = null;
            environment["DATABASE_POOLED"] = null;
        }
        return new Invocation(tools.Dotnet, [tools.Checkout.ServerDll, .. arguments])
        {
            Folder = tools.Checkout.Root,
            Environment = environment,
        };
    }
}
