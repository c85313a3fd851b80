namespace Mana.Operations;

public static class CheckBooksCommand
{
    public static Task<int> Run(IReadOnlyDictionary<string, string> e, TextWriter o, CancellationToken c) => Task.FromResult(0);
}
