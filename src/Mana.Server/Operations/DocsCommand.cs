namespace Mana.Operations;

public static class DocsCommand
{
    public static Task<int> Run(string[] a, TextWriter o) => Task.FromResult(0);
}
