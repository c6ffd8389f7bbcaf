namespace Strata.Build.Recipes;

/// <summary>A value that cannot be expanded. The message is a clause that goes behind the place.</summary>
/// <param name="snippet">The part of the text that is to blame, where there is one.</param>
internal sealed class ExpansionException(string message, string? snippet = null) : Exception(message)
{
    /// <summary>The part of the text that is to blame; null when it is the whole.</summary>
    public string? Snippet { get; } = snippet;

    /// <summary>BitBake may well expand it; it is only not known here.</summary>
    public bool IsUnsupported { get; init; }

    /// <summary>The variables on the way, the one whose text is to blame first.</summary>
    public List<string> Variables { get; } = [];
}
