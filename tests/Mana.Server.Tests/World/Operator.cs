using Mana.Operations;

namespace Mana.Specs.World;

/// <summary>Somebody with a terminal on the machine of the service: its commands, as they are shipped, on the database of a house.</summary>
public sealed class Operator(Database database)
{
    private readonly Dictionary<string, string> _environment = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["DATABASE_URL"] = database.AppUrl,
    };

    public Operator With(string setting, string value)
    {
        _environment[setting] = value;

        return this;
    }

    /// <summary>Runs <c>mana-server users …</c>.</summary>
    public Task<(int ExitCode, string Output)> Users(params string[] arguments) => Run(UsersCommand.Run, arguments);

    /// <summary>Runs <c>mana-server keys …</c>.</summary>
    public Task<(int ExitCode, string Output)> Keys(params string[] arguments) => Run(KeysCommand.Run, arguments);

    private async Task<(int ExitCode, string Output)> Run(
        Func<string[], IReadOnlyDictionary<string, string>, TextWriter, CancellationToken, Task<int>> command,
        string[] arguments
    )
    {
        await using var output = new StringWriter();
        var exitCode = await command(arguments, _environment, output, CancellationToken.None);

        return (exitCode, output.ToString().Trim());
    }
}
