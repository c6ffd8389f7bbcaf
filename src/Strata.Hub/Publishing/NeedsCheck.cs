using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Hub.Publishing;

/// <summary>One service version on one platform among one OEM's layers.</summary>
/// <param name="Stack">Null when it is unmet.</param>
internal sealed record NeedsOutcome(string Oem, Platform Platform, LayerStack? Stack, EquatableList<string> Reasons);

/// <summary>Tries a service's needs before any unit is known. Pure.</summary>
/// <remarks>A bare layer name means the layers of a unit's OEM, and a service provider serves several: each OEM is tried by itself.</remarks>
internal static class NeedsCheck
{
    /// <summary>One outcome for each OEM and platform; a service without needs has none.</summary>
    /// <param name="owner">The service provider: only what is shared with it counts.</param>
    public static IEnumerable<NeedsOutcome> Resolve(
        Catalogue catalogue, string owner, string service, EquatableList<LayerNeed> needs, IEnumerable<Platform> platforms)
    {
        if (needs.Count == 0) return [];
        var oems = catalogue.Layers.Select(l => l.Key.Owner).Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("any OEM").ToList();
        return platforms.SelectMany(platform => oems.Select(oem => Resolve(catalogue, owner, service, needs, platform, oem)));
    }

    /// <summary>Why no OEM's units could run the service; empty when those of one could, on every platform.</summary>
    public static IReadOnlyList<string> Obstacles(
        Catalogue catalogue, string owner, string service, EquatableList<LayerNeed> needs, IReadOnlyCollection<Platform> platforms)
    {
        var byOem = Resolve(catalogue, owner, service, needs, platforms).GroupBy(o => o.Oem).ToList();
        if (byOem.Count == 0 || byOem.Any(oem => oem.All(o => o.Stack is not null))) return [];

        // Those of the OEM that comes closest are the ones worth reading.
        return [.. byOem.MinBy(oem => oem.Where(o => o.Stack is null).Sum(o => o.Reasons.Count))!.Where(o => o.Stack is null).SelectMany(o => o.Reasons).Distinct()];
    }

    private static NeedsOutcome Resolve(Catalogue catalogue, string owner, string service, EquatableList<LayerNeed> needs, Platform platform, string oem) =>
        Resolver.Resolve(catalogue, new(oem, platform, Base: null), [new(service, needs) { Owner = owner }]).Match(
            resolved => new NeedsOutcome(oem, platform, resolved.Stacks[0], resolved.Stacks[0].Reasons),
            unmet => new NeedsOutcome(oem, platform, null, unmet.Services[0].Reasons));
}
