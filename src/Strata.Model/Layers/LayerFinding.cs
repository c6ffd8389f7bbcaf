namespace Strata.Model.Layers;

/// <summary>Something in a layer that its maker should look at; with <c>--strict</c> the layer is refused for it.</summary>
/// <param name="Rule">Name of the rule, as docs/formats/checks.md lists it.</param>
/// <param name="Path">The file it is about, relative to the root; empty when it is about the layer.</param>
/// <param name="Message">What was found and what would cure it; one sentence.</param>
public sealed record LayerFinding(string Rule, string Path, string Message)
{
    /// <summary><c>setuid: usr/bin/su: ...</c></summary>
    public override string ToString() => Path.Length == 0 ? $"{Rule}: {Message}" : $"{Rule}: {Path}: {Message}";
}
