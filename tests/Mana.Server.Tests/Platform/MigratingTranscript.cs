using System.Text;

namespace Mana.Specs.Platform;

/// <summary>What a command has printed so far; may be read while it still prints.</summary>
public sealed class MigratingTranscript : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (text)
        {
            text.Append(value);
        }
    }

    public override string ToString()
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private readonly StringBuilder text = new();
}
