namespace Strata.Build.Trees;

/// <summary>Something in a layer that its maker should know of. The layer is whole; nothing was left out because of it.</summary>
/// <param name="Rule">Name of the rule in docs/formats/normalise.md: <c>content-in-var</c>.</param>
/// <param name="Path">Relative to the root, in <see cref="Artifacts.Tar.ByteText"/>.</param>
/// <param name="Reason">Why it matters, as the rule says it.</param>
public sealed record TreeNote(string Rule, string Path, string Reason);
