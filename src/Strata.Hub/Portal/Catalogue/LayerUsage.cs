using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>A service version in whose composed image a layer version is, and the units that shall have it.</summary>
/// <param name="Service">The service's codename.</param>
/// <param name="Version">The service's version.</param>
/// <param name="Layer">The layer's version.</param>
/// <param name="Units">System ids, in ordinal order; only those that the reader may see.</param>
public sealed record LayerUser(Guid ServiceId, string Service, string Owner, SemanticVersion Version, SemanticVersion Layer, string[] Units);

/// <summary>Who uses which layers, in one snapshot, as one reader may know it.</summary>
internal sealed class LayerUsage
{
    private readonly ILookup<LayerKey, LayerUser> _users;

    public LayerUsage(HubState state, Caller caller)
    {
        var units = state.Units.Values.SelectMany(u => (u.Desired?.State.Items ?? []).Select(i => (i.Index, Unit: u))).ToLookup(u => u.Index, u => u.Unit);
        _users = units.SelectMany(group => Users(state, caller, state.Compositions[group.Key], group)).ToLookup(u => u.Layer, u => u.User);
    }

    /// <summary>The users of any version of a layer.</summary>
    public IEnumerable<LayerUser> Of(LayerKey layer) => _users[layer];

    /// <summary>The users of one version.</summary>
    public IEnumerable<LayerUser> Of(LayerKey layer, SemanticVersion version) => Of(layer).Where(u => u.Layer == version);

    private static IEnumerable<(LayerKey Layer, LayerUser User)> Users(HubState state, Caller caller, Composition composition, IEnumerable<UnitRow> units)
    {
        var service = state.Services[composition.ServiceId];
        if (!caller.Sees(Guarded.Of(service))) yield break;
        string[] seen = [.. units.Where(u => caller.Sees(Guarded.Of(u))).Select(u => u.SystemId).Distinct().Order(StringComparer.Ordinal)];
        foreach (var layer in composition.Layers.DistinctBy(l => (l.Owner, l.Codename, l.Version)))
            yield return (new(layer.Owner, layer.Codename), new(service.Id, service.Codename, service.Owner, composition.Version, layer.Version, seen));
    }
}
