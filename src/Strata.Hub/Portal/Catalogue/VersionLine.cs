using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>A layer version on the layer's time line.</summary>
/// <param name="Before">The version that comes before it in order; null for the first.</param>
/// <param name="Provenance">Null when nobody wrote it down.</param>
/// <param name="Users">Services that have it on a unit.</param>
public sealed record VersionLine(LayerRelease Release, SemanticVersion? Before, Provenance? Provenance, int Users)
{
    /// <summary>Bytes of its files.</summary>
    public long Size => Release.Images.Sum(i => i.Size);

    /// <summary>Bytes that they take unpacked.</summary>
    public long UnpackedSize => Release.Images.Sum(i => i.UnpackedSize);

    /// <summary>How far it is from the version before it: major, minor, patch, or first.</summary>
    public string Step => Before is not { } before ? "first"
        : Release.Version.IsPreRelease ? "pre-release"
        : before.Major != Release.Version.Major ? "major"
        : before.Minor != Release.Version.Minor ? "minor"
        : "patch";

    /// <summary>The part of a layer's versions that a page shows, newest first.</summary>
    internal static PagePart<VersionLine> Of(HubState state, Layer layer, LayerUsage usage, PageQuery query)
    {
        var rows = layer.Releases.Skip(query.Offset).Take(query.Rows).ToList();
        return query.Part(
            [.. rows.Select((r, i) => new VersionLine(
                r,
                layer.Releases.ElementAtOrDefault(query.Offset + i + 1)?.Version,
                Provenance.Of(state, usage.Reader, r),
                usage.Of(layer.Key, r.Version).Select(u => u.ServiceId).Distinct().Count()))],
            layer.Releases.Count);
    }
}
