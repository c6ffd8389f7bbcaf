using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Who uses which layer versions in one snapshot: the one calculation that refusals, lists and pages ask. Pure.</summary>
/// <remarks>It is the whole truth; what one reader may know of it is <see cref="LayerUsage"/>.</remarks>
internal sealed class LayerUses
{
    private static readonly ConditionalWeakTable<HubState, LayerUses> Known = [];

    // What is composed and reported stays as it was when a layer or a bundle comes.
    private static readonly ConditionalWeakTable<ImmutableSortedDictionary<string, UnitRow>, LayerUses> ByUnits = [];

    // Every version has to be looked at for it, so it lives as long as the catalogue stays the same.
    private static readonly ConditionalWeakTable<Catalogue, ILookup<DiffId, (LayerRelease Release, LayerImage Image)>> ByParent = [];

    private readonly HubState _state;
    private readonly ILookup<LayerKey, ServiceUse> _composed;
    private readonly ILookup<string, UnitRow> _reported;

    private LayerUses(HubState state)
    {
        _state = state;
        if (ByUnits.TryGetValue(state.Units, out var before) && before._state.Compositions == state.Compositions && before._state.Services == state.Services)
        {
            (_composed, _reported) = (before._composed, before._reported);
            return;
        }
        _composed = Composed(state).ToLookup(u => u.Layer, u => u.Use);
        _reported = state.Units.Values.SelectMany(u => u.Report.Items.Where(i => i.Type == "layer").Select(i => (Key: Reported(i.Id, i.Version), Unit: u))).ToLookup(r => r.Key, r => r.Unit);
        ByUnits.AddOrUpdate(state.Units, this);
    }

    /// <summary>Those of a snapshot; counted once, when first asked for.</summary>
    public static LayerUses In(HubState state) => Known.GetValue(state, s => new(s));

    /// <summary>Service versions of which an image with some version of the layer exists.</summary>
    public IEnumerable<ServiceUse> Composed(LayerKey layer) => _composed[layer];

    /// <summary>Everything that uses one version.</summary>
    public LayerUse Of(Layer layer, LayerRelease release)
    {
        var services = _composed[layer.Key].Where(u => u.LayerVersion == release.Version).ToDictionary(u => (u.Service.Id, u.Version));
        var choices = LayerChoices.In(_state).Of(layer, release);
        foreach (var (service, version) in choices.Services)
            services[(service.Id, version)] = services.GetValueOrDefault((service.Id, version), new(service, version, release.Version, [])) with { IsChosen = true };
        return new(
            [.. services.Values.OrderBy(u => u.Service.Codename, StringComparer.Ordinal).ThenBy(u => u.Service.Owner, StringComparer.Ordinal).ThenByDescending(u => u.Version)],
            [.. ChildrenOf(_state.Catalogue, release).Select(c => c.Release).Distinct().Where(r => r.Lifecycle.State != ReleaseState.Retired)],
            [.. new[] { layer.Id.ToString(), layer.Key.Codename }.SelectMany(id => _reported[Reported(id, release.Version.ToString())]).Distinct()],
            choices.AreAll);
    }

    /// <summary>Versions that were built on one of a version's archives, by codename and then version, newest first; the layer's own later versions among them.</summary>
    public static IEnumerable<(LayerRelease Release, LayerImage Image)> ChildrenOf(Catalogue catalogue, LayerRelease release)
    {
        var children = ByParent.GetValue(catalogue, known =>
            (from layer in known.Layers
                from child in layer.Releases
                from image in child.Images
                where image.Parent is not null
                select (child, image)).ToLookup(c => c.image.Parent!.DiffId));
        return release.Images.Select(i => i.DiffId).Distinct().SelectMany(content => children[content])
            .Where(c => c.Release.Layer.Owner == release.Layer.Owner)
            .OrderBy(c => c.Release.Layer.Codename, StringComparer.Ordinal).ThenByDescending(c => c.Release.Version);
    }

    /// <summary>Service versions with a need that says <paramref name="name"/> and means this layer, whichever version they get.</summary>
    public IEnumerable<(ServiceRow Service, SemanticVersion Version)> Naming(Layer layer, string name)
    {
        var choices = LayerChoices.In(_state);
        return
            from service in _state.Services.Values
            from version in service.Versions
            where version.Needs.Any(n => Says(n.Layer, name, layer.Key.Owner) && choices.Oems.Any(oem => choices.Means(n, oem, layer)))
            select (service, version.Version);
    }

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

    private static bool Says(string need, string name, string owner) => need == name || need == $"{name}.{owner}" || need.EndsWith($":{owner}/{name}", StringComparison.Ordinal);

    private static string Reported(string id, string version) => $"{id}\n{version}";
}
