using System.Runtime.CompilerServices;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Hub.Catalogues;

/// <summary>Who uses which layer versions in one snapshot: the one calculation that refusals, lists and pages ask. Pure.</summary>
/// <remarks>It is the whole truth; what one reader may know of it is <see cref="LayerUsage"/>.</remarks>
internal sealed class LayerUses
{
    private static readonly ConditionalWeakTable<HubState, LayerUses> Known = [];

    // Every version has to be looked at for it, so it lives as long as the catalogue stays the same.
    private static readonly ConditionalWeakTable<Catalogue, ILookup<DiffId, LayerRelease>> ByParent = [];

    private readonly HubState _state;
    private readonly ILookup<LayerKey, ServiceUse> _composed;
    private readonly ILookup<string, UnitRow> _reported;

    private LayerUses(HubState state)
    {
        _state = state;
        _composed = Composed(state).ToLookup(u => u.Layer, u => u.Use);
        _reported = state.Units.Values.SelectMany(u => u.Report.Items.Where(i => i.Type == "layer").Select(i => (Key: Reported(i.Id, i.Version), Unit: u))).ToLookup(r => r.Key, r => r.Unit);
    }

    /// <summary>Those of a snapshot; counted once, when first asked for.</summary>
    public static LayerUses In(HubState state) => Known.GetValue(state, s => new(s));

    /// <summary>Service versions of which an image with some version of the layer exists.</summary>
    public IEnumerable<ServiceUse> Composed(LayerKey layer) => _composed[layer];

    /// <summary>Everything that uses one version.</summary>
    public LayerUse Of(Layer layer, LayerRelease release)
    {
        var services = _composed[layer.Key].Where(u => u.LayerVersion == release.Version).ToDictionary(u => (u.Service.Id, u.Version));
        foreach (var (service, version) in Choosing(layer, release))
            services[(service.Id, version)] = services.GetValueOrDefault((service.Id, version), new(service, version, release.Version, [])) with { IsChosen = true };
        return new(
            [.. services.Values.OrderBy(u => u.Service.Codename, StringComparer.Ordinal).ThenBy(u => u.Service.Owner, StringComparer.Ordinal).ThenByDescending(u => u.Version)],
            [.. Children(layer, release)],
            [.. new[] { layer.Id.ToString(), layer.Key.Codename }.SelectMany(id => _reported[Reported(id, release.Version.ToString())]).Distinct()]);
    }

    /// <summary>Service versions with a need that says <paramref name="name"/> and means this layer, whichever version they get.</summary>
    public IEnumerable<(ServiceRow Service, SemanticVersion Version)> Naming(Layer layer, string name) =>
        from service in _state.Services.Values
        from version in service.Versions
        where version.Needs.Any(n => Says(n.Layer, name, layer.Key.Owner) && Oems().Any(oem => Means(n, oem, layer)))
        select (service, version.Version);

    private static IEnumerable<(LayerKey Layer, ServiceUse Use)> Composed(HubState state)
    {
        var byWire = state.Compositions.Values.ToLookup(c => (c.ServiceId.ToString(), c.WireVersion), c => c.Index);
        var holders = state.Units.Values.SelectMany(unit =>
                (unit.Desired?.State.Items ?? []).Select(i => i.Index)
                    .Concat(unit.Report.Items.SelectMany(i => byWire[(i.Id, i.Version)])).Distinct().Select(index => (Index: index, Unit: unit)))
            .ToLookup(h => h.Index, h => h.Unit);
        // An image outlives the removal of its service version only where a unit still has it.
        return state.Compositions.Values.Where(c => holders.Contains(c.Index) || IsPublished(state, c))
            .SelectMany(c => c.Layers.DistinctBy(l => (l.Owner, l.Codename, l.Version)).Select(l => (Layer: l, Composition: c)))
            .GroupBy(u => (new LayerKey(u.Layer.Owner, u.Layer.Codename), u.Layer.Version, u.Composition.ServiceId, Of: u.Composition.Version))
            .Select(g => (g.Key.Item1, new ServiceUse(
                state.Services.GetValueOrDefault(g.Key.ServiceId) ?? new(g.Key.ServiceId, "", Guid.Empty, g.Key.ServiceId.ToString()),
                g.Key.Of,
                g.Key.Version,
                [.. g.SelectMany(u => holders[u.Composition.Index]).DistinctBy(u => u.SystemId).OrderBy(u => u.SystemId, StringComparer.Ordinal)]) { IsComposed = true }));
    }

    private static bool IsPublished(HubState state, Composition composition) =>
        state.Services.TryGetValue(composition.ServiceId, out var service) && service.Versions.Any(v => v.Version == composition.Version);

    /// <summary>Service versions whose needs lead to this version: on no base in particular, or on one that it was built for.</summary>
    private IEnumerable<(ServiceRow Service, SemanticVersion Version)> Choosing(Layer layer, LayerRelease release)
    {
        var bases = release.Images.Select(i => i.Base?.Identity).Append(null).Distinct().ToList();
        var oems = Oems();
        return
            from service in _state.Services.Values
            from version in service.Versions
            where oems.Any(oem => version.Needs.Any(n => Means(n, oem, layer))
                && bases.Any(@base => version.Images.Any(image => IsChosen(service, version, new(oem, image.Platform, @base), release))))
            select (service, version.Version);
    }

    private bool IsChosen(ServiceRow service, ServiceVersionRow version, ResolutionScope scope, LayerRelease release) =>
        Resolver.Resolve(_state.Catalogue, scope, [new(service.Codename, version.Needs) { Owner = service.Owner }]) is Resolution.Resolved resolved
        && resolved.Stacks[0].Layers.Any(l => l.Release.Layer == release.Layer && l.Release.Version == release.Version);

    private IEnumerable<LayerRelease> Children(Layer layer, LayerRelease release)
    {
        var children = ByParent.GetValue(_state.Catalogue, catalogue => catalogue.Layers.SelectMany(l => l.Releases)
            .SelectMany(r => r.Images.Select(i => i.Parent?.DiffId).OfType<DiffId>().Distinct().Select(parent => (Parent: parent, Child: r)))
            .ToLookup(c => c.Parent, c => c.Child));
        return release.Images.SelectMany(i => children[i.DiffId]).Distinct()
            .Where(r => r.Layer.Owner == layer.Key.Owner && r.Layer != layer.Key && r.Lifecycle.State != ReleaseState.Retired);
    }

    private bool Means(LayerNeed need, string oem, Layer layer) => _state.Catalogue.Find(need.Layer, oem)?.Key == layer.Key;

    // Whose units a bare name may be said for: those who have layers.
    private List<string> Oems() => [.. _state.Catalogue.Layers.Select(l => l.Key.Owner).Distinct()];

    private static bool Says(string need, string name, string owner) => need == name || need == $"{name}.{owner}" || need.EndsWith($":{owner}/{name}", StringComparison.Ordinal);

    private static string Reported(string id, string version) => $"{id}\n{version}";
}
