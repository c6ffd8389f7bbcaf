using Strata.Model.Identity;

namespace Strata.Artifacts.Layers;

/// <summary>Whether a layer file has the bytes that its entries alone lead to: sorted, owners by number, whole seconds, no clock and no name of a machine in it.</summary>
/// <param name="Departures">In what it differs, a sentence each; empty for a layer in canonical form.</param>
/// <remarks>
/// The test is exact: the headers are written again by <see cref="Tar.TarLayerWriter"/>, and have to come out the same.
/// A layer in another form is a layer all the same; only nobody can make the same file from the same content. Source: docs/formats/layer-archive.md.
/// </remarks>
public sealed record CanonicalForm(EquatableList<string> Departures)
{
    /// <summary>Nothing departs from it.</summary>
    public bool IsCanonical => Departures.Count == 0;
}

/// <summary>The order of a layer's entries: a directory before what is in it, and that before the next name.</summary>
internal static class PathOrder
{
    public static Comparer<string> Comparer { get; } = Comparer<string>.Create(Compare);

    public static int Compare(string one, string other)
    {
        var common = one.AsSpan().CommonPrefixLength(other);
        if (common == one.Length || common == other.Length) return one.Length.CompareTo(other.Length);
        // The slash ends a name, so it comes before every character that a name may hold.
        return (one[common] == '/' ? -1 : one[common]) - (other[common] == '/' ? -1 : other[common]);
    }
}
