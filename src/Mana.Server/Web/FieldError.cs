namespace Mana.Web;

/// <summary>What is wrong with a field: the refusal's code for programs, a sentence in the visitor's language for the visitor.</summary>
public sealed record FieldError(string Code, string Sentence);
