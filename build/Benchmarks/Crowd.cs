namespace Mana.Build.Benchmarks;

/// <summary>A database that holds that many live sessions, and cookies of theirs in the folders the scripts read.</summary>
internal sealed record Crowd(string Database, int Sessions, string Newest, string Everywhere)
{
    private const int FewSessions = 1_000;
    private const int ManySessions = 1_000_000;

    public static Crowd Few(Toolbox tools) => Of("few", FewSessions, tools);

    public static Crowd Many(Toolbox tools) => Of("many", ManySessions, tools);

    private static Crowd Of(string name, int sessions, Toolbox tools)
    {
        var folder = tools.Checkout.In("artifacts", "bench", "people");
        return new Crowd("mana_" + name, sessions, Path.Combine(folder, name), Path.Combine(folder, name + "-everywhere"));
    }
}
