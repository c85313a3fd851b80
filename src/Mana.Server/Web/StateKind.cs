namespace Mana.Web;

/// <summary>How things stand, for the quiet sign above a heading.</summary>
public enum StateKind
{
    Stop,
    Wait,
    Mail,
    Done,
}
