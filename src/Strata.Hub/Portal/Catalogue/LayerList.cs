using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>A layer in the list.</summary>
/// <param name="Newest">Its newest version.</param>
/// <param name="Size">Bytes of the newest version's files.</param>
/// <param name="UnpackedSize">Bytes that they take unpacked.</param>
/// <param name="Users">Services that have some version of it on a unit.</param>
public sealed record LayerLine(Layer Layer, LayerRelease Newest, long Size, long UnpackedSize, int Users)
{
    /// <summary>What the newest version runs on.</summary>
    public IEnumerable<string> Platforms => Newest.Images.Select(i => i.Platform.ToString());
}

/// <summary>The list of layers as a page shows it: what the reader may see, filtered, in order, one part.</summary>
/// <param name="Platforms">What the list can be filtered by.</param>
/// <param name="Owners">Likewise.</param>
public sealed record LayerList(PagePart<LayerLine> Part, string[] Platforms, string[] Owners)
{
    /// <summary>Names of the filters in the query.</summary>
    public static ReadOnlySpan<string> Filters => new[] { "q", "platform", "owner", "use" };

    /// <summary>Reads the list that a page asks for.</summary>
    internal static LayerList Of(HubState state, Caller caller, PageQuery query)
    {
        var usage = new LayerUsage(state, caller);
        var seen = SeenLayers.By(state, caller);
        Layer[] found = query.Filters(Filters) ? [.. seen.Named(query["q"]).Where(l => Fits(l, query, usage)).OrderBy(l => l.Key.Codename, StringComparer.Ordinal)] : seen.ByCodename;
        IEnumerable<Layer> ordered = query["sort"] switch
        {
            "size" => found.OrderByDescending(l => l.Releases[0].Images.Sum(i => i.Size)).ThenBy(l => l.Key.Codename, StringComparer.Ordinal),
            "versions" => found.OrderByDescending(l => l.Releases.Count).ThenBy(l => l.Key.Codename, StringComparer.Ordinal),
            "users" => found.OrderByDescending(l => Users(usage, l)).ThenBy(l => l.Key.Codename, StringComparer.Ordinal),
            _ => found,
        };
        return new(
            query.Part([.. ordered.Skip(query.Offset).Take(query.Rows).Select(l => Line(l, usage))], found.Length),
            seen.Platforms,
            seen.Owners);
    }

    private static bool Fits(Layer layer, PageQuery query, LayerUsage usage) =>
        (query["platform"] is not { Length: > 0 } platform || layer.Releases[0].Images.Any(i => i.Platform.ToString() == platform))
        && (query["owner"] is not { Length: > 0 } owner || layer.Key.Owner == owner)
        && query["use"] switch { "used" => usage.Of(layer.Key).Any(), "unused" => !usage.Of(layer.Key).Any(), _ => true };

    private static LayerLine Line(Layer layer, LayerUsage usage) => new(
        layer, layer.Releases[0], layer.Releases[0].Images.Sum(i => i.Size), layer.Releases[0].Images.Sum(i => i.UnpackedSize), Users(usage, layer));

    private static int Users(LayerUsage usage, Layer layer) => usage.Of(layer.Key).Select(u => u.ServiceId).Distinct().Count();
}
