namespace Mana.Build.Machine;

/// <summary>A program to start: where, as whom, with which environment.</summary>
internal sealed record Invocation(string Program, params string[] Arguments)
{
    public string? Folder { get; init; }

    /// <summary>Another account; only root can ask for it.</summary>
    public string? User { get; init; }

    /// <summary>Changes of the environment; a null removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>False starts from an empty environment: what the caller exported must not reach a program of another account.</summary>
    public bool InheritsEnvironment { get; init; } = true;
}

/// <summary>How a program ended and everything it wrote, both streams in order of arrival.</summary>
internal sealed record Answer(int ExitCode, string Output)
{
    public bool Failed => ExitCode != 0;

    /// <summary>Itself when all went well.</summary>
    /// <exception cref="Failure">It did not: the name of the work and what the program wrote.</exception>
    public Answer OrFail(string work) => Failed ? throw new Failure($"{work} failed: {Output.Trim()}") : this;
}
