namespace Mana.Operations;

/// <summary>Prints the effective configuration, secrets masked.</summary>
public static class SettingsCommand
{
    public static int Run(IReadOnlyDictionary<string, string> environment, TextWriter output)
    {
        foreach (var declaration in Settings.Declarations())
        {
            var isSet = environment.TryGetValue(declaration.Name, out var value) && value.Length > 0;
            var shown =
                !isSet ? $"{declaration.Default} (default)"
                : declaration.IsSecret ? "***"
                : value;
            output.WriteLine($"{declaration.Name}={shown}");
        }

        return 0;
    }
}
