namespace Mana.Build.Machine;

/// <summary>A file that remembers for which state of the world a piece of work was done.</summary>
internal sealed class Stamp(string path)
{
    public bool Says(string state) => File.Exists(path) && File.ReadAllText(path) == state;

    public void Write(string state) => File.WriteAllText(path, state);
}
