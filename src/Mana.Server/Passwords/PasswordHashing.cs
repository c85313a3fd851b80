using Mana.Platform;
using Mana.Protocols.Passwords;

namespace Mana.Passwords;

/// <summary>The one hasher every writer and reader of passwords uses (B-55).</summary>
public sealed class PasswordHashing(PasswordSettings settings, PasswordRules rules, HashingLane lane)
{
    private readonly Argon2Cost _cost = new(settings.MemoryKib, settings.Passes);

    /// <summary>What an address without a password is compared with, so that it costs the same time.</summary>
    private readonly Lazy<string> _nobody = new(() =>
        StoredPassword.Create(Ids.Text(), new Argon2Cost(settings.MemoryKib, settings.Passes))
    );

    /// <summary>The hash of a password somebody has chosen; refuses one that breaks a rule.</summary>
    /// <param name="email">Of whoever chooses it.</param>
    public async Task<Outcome<string>> Create(string password, string email, CancellationToken cancel) =>
        rules.Check(password, email) is { } weak ? weak : await Renew(password, cancel);

    /// <summary>A new hash of a password that was right: whoever chose it under older rules keeps it.</summary>
    public Task<Outcome<string>> Renew(string password, CancellationToken cancel) =>
        lane.Run(() => StoredPassword.Create(password, _cost), cancel);

    /// <param name="stored">Null for somebody who has no password: verified against a hash nobody knows the password of.</param>
    public async Task<Outcome<PasswordMatch>> Verify(string? stored, string password, CancellationToken cancel)
    {
        var match = await lane.Run(() => StoredPassword.Verify(stored ?? _nobody.Value, password, _cost), cancel);

        return stored is null && !match.IsRefused ? PasswordMatch.Wrong : match;
    }
}
