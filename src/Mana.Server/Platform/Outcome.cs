namespace Mana.Platform;

/// <summary>
/// Either a value or a <see cref="Platform.Refusal"/>, the expected "no". Bugs and broken infrastructure are exceptions instead.
/// </summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    public Refusal? Refusal { get; }

    public bool IsRefused => Refusal is not null;

    /// <summary>The value; asking a refused outcome for it is a bug.</summary>
    public T Value
    {
        get
        {
            Invariant.Holds(Refusal is null);
            return _value!;
        }
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    public Outcome<TNext> Then<TNext>(Func<T, TNext> next) => Refusal is { } refusal ? refusal : next(_value!);
}

/// <summary>The answer of an operation that has nothing to say but "done".</summary>
public readonly record struct Done
{
    public static readonly Done Yes;
}
