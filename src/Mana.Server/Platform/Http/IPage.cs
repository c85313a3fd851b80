namespace Mana.Platform.Http;

/// <summary>Marks the answer of a door that is a page for people: its route reads forms and words refusals as pages.</summary>
public interface IPage : IResult;

/// <summary>Shows a refusal that no page words itself: a limit, a foreign origin, an infrastructure that does not answer.</summary>
public interface IRefusalPages
{
    Task Write(HttpContext http, Refusal refusal);
}
