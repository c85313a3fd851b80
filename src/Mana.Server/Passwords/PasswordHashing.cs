using Mana.Platform;
using Mana.Protocols.Passwords;

namespace Mana.Passwords;

/// <summary>The one hasher every writer and reader of passwords uses (B-55).</summary>
public sealed class PasswordHashing(PasswordSettings settings, PasswordRules rules, StoredFormats formats, HashingLane lane)
{
    private readonly Argon2Cost _cost = new(settings.MemoryKib, settings.Passes);

    /// <summary>The hash of a password somebody has chosen; refuses one that breaks a rule.</summary>
    /// <param name="email">Of whoever chooses it.</param>
    public async Task<Outcome<string>> Create(string password, string email, CancellationToken cancel) =>
        rules.Check(password, email) is { } weak ? weak : await Renew(password, cancel);

    /// <summary>A new hash of a password that was right: whoever chose it under older rules keeps it.</summary>
    public Task<Outcome<string>> Renew(string password, CancellationToken cancel) =>
        lane.Run(() => StoredPassword.Create(password, _cost), cancel);

    /// <summary>
    /// A failure takes as long as all formats in use take together, whichever of them the hash is of and whether or not there is one; all of
    /// it in one turn of the lane, so that waiting shows nothing either.
    /// </summary>
    /// <param name="stored">Null for somebody who has no password.</param>
    public async Task<Outcome<PasswordMatch>> Verify(string? stored, string password, CancellationToken cancel)
    {
        var inUse = await formats.InUse(cancel);

        return await lane.Run(() => Verify(stored, password, inUse), cancel);
    }

    private PasswordMatch Verify(string? stored, string password, PasswordFormat[] inUse)
    {
        var match = stored is null ? PasswordMatch.Wrong : StoredPassword.Verify(stored, password, _cost);
        if (match == PasswordMatch.Wrong)
        {
            foreach (var format in StoredFormats.Others(stored, inUse))
            {
                StoredPassword.Verify(format.Decoy, password, _cost);
            }
        }

        return match;
    }
}
