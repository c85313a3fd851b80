namespace Mana.Tokens;

/// <summary>What is due with the signing keys at an instant. It decides and does nothing, so that everybody can ask it at any time.</summary>
/// <param name="Gone">Retired for so long that nobody can hold a token of theirs.</param>
/// <param name="Next">The announced key whose turn it is to sign.</param>
/// <param name="Makes">A key to make: one that signs at once, where none does, or one to announce.</param>
public sealed record KeyPlan(IReadOnlyList<KeyRow> Gone, KeyRow? Next, KeyState? Makes)
{
    /// <summary>More are not published: each costs everybody who verifies.</summary>
    private const int KeysMax = 32;

    public static bool HasRoom(IReadOnlyCollection<KeyRow> keys) => keys.Count < KeysMax;

    public bool IsEmpty => Gone.Count == 0 && Next is null && Makes is null;

    public static KeyPlan Of(IReadOnlyList<KeyRow> keys, TokenSettings settings, DateTimeOffset now)
    {
        var gone = keys.Where(key => key.ExpiresAt <= now).ToArray();
        var active = Find(keys, KeyState.Active);
        var announced = Find(keys, KeyState.Announced);
        if (active is null)
        {
            return new KeyPlan(gone, announced, announced is null ? KeyState.Active : null);
        }

        if (announced is not null)
        {
            return new KeyPlan(gone, announced.CreatedAt + settings.KeyAnnounce <= now ? announced : null, Makes: null);
        }

        // Announced so early that its turn comes when the active key has signed for long enough.
        var isTime = active.ActiveAt + settings.KeyRotate - settings.KeyAnnounce <= now && HasRoom(keys);

        return new KeyPlan(gone, Next: null, isTime ? KeyState.Announced : null);
    }

    public static KeyRow? Find(IReadOnlyList<KeyRow> keys, KeyState state) => keys.FirstOrDefault(key => key.State == state);
}
