using Mana.Build.Postgres;

namespace Mana.Build.Commands;

/// <summary>Subcommands of the server itself, run on the dev database with the right logins.</summary>
internal static class ServerCommands
{
    public static Task<int> Migrate(string[] arguments, Toolbox tools) =>
        On(
            tools,
            async program =>
            {
                if (!arguments.Contains("--roles"))
                {
                    await program.MakeRoles([]);
                }
                return await program.Command(["migrate", .. arguments is [] ? ["up"] : arguments]);
            }
        );

    public static Task<int> CheckBooks(string[] arguments, Toolbox tools) => Passed("check-books", arguments, tools);

    /// <summary>Needs no database: a receipt proves itself.</summary>
    public static async Task<int> VerifyReceipt(string[] arguments, Toolbox tools)
    {
        await Builds.Server(tools);
        return await ServerProgram.Alone(["verify-receipt", .. arguments], tools);
    }

    public static Task<int> Users(string[] arguments, Toolbox tools) => Passed("users", arguments, tools);

    public static Task<int> Keys(string[] arguments, Toolbox tools) => Passed("keys", arguments, tools);

    public static Task<int> Docs(string[] arguments, Toolbox tools) =>
        On(
            tools,
            async program =>
            {
                await program.Prepare();
                return await program.Command(["docs", tools.Checkout.In("docs", "reference"), .. arguments]);
            }
        );

    /// <summary>Words the server itself understands, on a database that has what they need.</summary>
    private static Task<int> Passed(string command, string[] arguments, Toolbox tools) =>
        On(
            tools,
            async program =>
            {
                await program.Prepare();
                return await program.Command([command, .. arguments]);
            }
        );

    private static async Task<int> On(Toolbox tools, Func<ServerProgram, Task<int>> run)
    {
        await Builds.Server(tools);
        await using var postgres = await tools.Postgres(Purpose.Dev);
        return await run(await ServerProgram.On(postgres, tools));
    }
}
