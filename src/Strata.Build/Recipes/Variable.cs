namespace Strata.Build.Recipes;

/// <summary>A variable under one exact name, overrides in the name included.</summary>
internal sealed class Variable
{
    /// <summary>What was assigned, not expanded; null when nothing was.</summary>
    public string? Content { get; set; }

    /// <summary>The statements that made <see cref="Content"/>.</summary>
    public IReadOnlyList<RecipeStep> ContentSteps { get; set; } = [];

    /// <summary>Why <see cref="Content"/> is not known: a <c>:=</c> whose Python is not; null when it is.</summary>
    public ExpansionException? Unknown { get; set; }

    /// <summary>What the last <c>??=</c> gave.</summary>
    public string? WeakDefault { get; set; }

    /// <summary>The statement that gave <see cref="WeakDefault"/>.</summary>
    public IReadOnlyList<RecipeStep> WeakSteps { get; set; } = [];

    /// <summary>Flags by name.</summary>
    public Dictionary<string, string> Flags { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>:append</c> adds when the value is read.</summary>
    public List<Change> Appends { get; } = [];

    /// <summary>What <c>:prepend</c> adds when the value is read.</summary>
    public List<Change> Prepends { get; } = [];

    /// <summary>The words that <c>:remove</c> takes out when the value is read.</summary>
    public List<Change> Removes { get; } = [];

    /// <summary>Nothing is known of it: it was never declared, or forgotten again.</summary>
    public bool IsEmpty => Content is null && WeakDefault is null && Flags.Count == 0 && Appends.Count == 0 && Prepends.Count == 0 && Removes.Count == 0;

    /// <summary>Text, and the overrides under which it counts; none means always.</summary>
    public sealed record Change(string Text, string? Overrides, RecipeStep? Step);
}
