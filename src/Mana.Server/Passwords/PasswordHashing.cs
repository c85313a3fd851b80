using Mana.Platform;
using Mana.Protocols.Passwords;

namespace Mana.Passwords;

/// <summary>The one hasher every writer and reader of passwords uses (B-55).</summary>
public sealed class PasswordHashing(PasswordSettings settings, HashingLane lane)
{
    private readonly Argon2Cost _cost = new(settings.MemoryKib, settings.Passes);

    /// <summary>What an address without a password is compared with, so that it costs the same time.</summary>
    private readonly Lazy<string> _nobody = new(() =>
        StoredPassword.Create(Ids.Text(), new Argon2Cost(settings.MemoryKib, settings.Passes))
    );

    /// <summary>Length is counted in UTF-16 units (ruling 32a).</summary>
    public Refusal? Check(string password) =>
        password.Length < settings.LengthMin ? Refusals.PasswordTooShort
        : password.Length > PasswordSettings.LengthMax ? Refusals.PasswordTooLong
        : password.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar) ? Refusals.Validation
        : null;

    public async Task<Outcome<string>> Create(string password, CancellationToken cancel) =>
        Check(password) is { } weak ? weak : await lane.Run(() => StoredPassword.Create(password, _cost), cancel);

    /// <param name="stored">Null for somebody who has no password: verified against a hash nobody knows the password of.</param>
    public async Task<Outcome<PasswordMatch>> Verify(string? stored, string password, CancellationToken cancel)
    {
        var match = await lane.Run(() => StoredPassword.Verify(stored ?? _nobody.Value, password, _cost), cancel);

        return stored is null && !match.IsRefused ? PasswordMatch.Wrong : match;
    }
}
