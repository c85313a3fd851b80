namespace Mana.Protocols.Sodium;

/// <summary>libsodium is not installed, too old or a reduced build. The message says what to install.</summary>
public sealed class SodiumMissingException : Exception
{
    private const string Remedy =
        "Install libsodium 1.0.18 or newer (Debian and Ubuntu: package libsodium23; macOS: brew install libsodium).";

    public SodiumMissingException()
        : this("libsodium was not found.") { }

    public SodiumMissingException(string fault)
        : base($"{fault} {Remedy}") { }

    public SodiumMissingException(string fault, Exception innerException)
        : base($"{fault} {Remedy}", innerException) { }
}
