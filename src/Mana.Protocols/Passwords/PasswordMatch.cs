namespace Mana.Protocols.Passwords;

/// <summary>What a stored hash says about a password.</summary>
public enum PasswordMatch
{
    Wrong,
    Right,

    /// <summary>Right, but made by another scheme or at another cost: store a new hash now that the password is known.</summary>
    RightButOutdated,
}
