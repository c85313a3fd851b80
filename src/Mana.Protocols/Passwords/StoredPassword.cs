namespace Mana.Protocols.Passwords;

/// <summary>
/// Password hashes as one column stores them. New ones are Argon2id; Better Auth's scrypt, bcrypt and ASP.NET Identity v3 are
/// checked so that imported people can sign in once and be upgraded. Slow on purpose: call it from the hashing gate only.
/// </summary>
public static class StoredPassword
{
    /// <summary><c>$argon2id$v=19$m=…,t=…,p=1$salt$tag</c>, salt 16 and tag 32 bytes, of the NFKC form of the password.</summary>
    /// <exception cref="ArgumentException">A lone surrogate in the password, or more than 4096 characters.</exception>
    public static string Create(string password, Argon2Cost cost) => Argon2Phc.Create(password, cost);

    /// <summary>Never throws for what is stored or typed: a malformed hash, a lone surrogate and an overlong password are simply wrong.</summary>
    /// <exception cref="Sodium.SodiumMissingException">libsodium is not installed.</exception>
    /// <exception cref="InvalidOperationException">The hash did not get its memory; nothing is known about the password.</exception>
    public static PasswordMatch Verify(string stored, string password, Argon2Cost current)
    {
        try
        {
            if (Argon2Phc.Parse(stored) is { } argon)
            {
                var right = argon.Matches(password);
                return !right ? PasswordMatch.Wrong
                    : argon.IsMadeWith(current) ? PasswordMatch.Right
                    : PasswordMatch.RightButOutdated;
            }

            var imported =
                BetterAuthScrypt.Parse(stored)?.Matches(password)
                ?? Bcrypt.Parse(stored)?.Matches(password)
                ?? IdentityV3.Parse(stored)?.Matches(password)
                ?? false;
            return imported ? PasswordMatch.RightButOutdated : PasswordMatch.Wrong;
        }
        catch (ArgumentException)
        {
            return PasswordMatch.Wrong;
        }
    }

    /// <summary>The format of new hashes.</summary>
    public static PasswordFormat FormatOf(Argon2Cost cost) => Argon2Phc.FormatOf(cost);

    /// <summary>Null when the hash is not whole, of a scheme we do not check, or beyond the bounds of cost.</summary>
    public static PasswordFormat? FormatOf(string stored) =>
        Argon2Phc.Parse(stored)?.Format()
        ?? BetterAuthScrypt.Parse(stored)?.Format()
        ?? Bcrypt.Parse(stored)?.Format()
        ?? IdentityV3.Parse(stored)?.Format();
}
