using System.Collections;
using Mana.Operations;

// One binary, several roles (architecture, section 18). Each is one file in Operations.
var environment = Environment
    .GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
using var stop = new CancellationTokenSource();
var rest = args.Skip(1).ToArray();

return (args.FirstOrDefault() ?? "serve") switch
{
    "serve" => await ServeCommand.Run(environment, Console.Out),
    "migrate" => await MigrateCommand.Run(rest, environment, Console.Out, stop.Token),
    "check-books" => await CheckBooksCommand.Run(rest, environment, Console.Out, stop.Token),
    "verify-receipt" => await VerifyReceiptCommand.Run(rest, Console.Out, stop.Token),
    "users" => await UsersCommand.Run(rest, environment, Console.Out, stop.Token),
    "keys" => await KeysCommand.Run(rest, environment, Console.Out, stop.Token),
    "health" => await HealthCommand.Run(environment, Console.Out),
    "settings" => SettingsCommand.Run(environment, Console.Out),
    "docs" => await DocsCommand.Run(rest, environment, Console.Out, stop.Token),
    var unknown => Unknown(unknown),
};

static int Unknown(string command)
{
    Console.Error.WriteLine($"'{command}' is none of: serve, migrate, check-books, verify-receipt, users, keys, health, settings, docs.");
    return 2;
}
