using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Hub.Catalogues;

/// <summary>The service versions whose needs lead to one layer version.</summary>
/// <param name="AreAll">False when that was more work than anybody waits for, and the rest was not looked at.</param>
internal sealed record LayerChoice(IReadOnlyList<(ServiceRow Service, SemanticVersion Version)> Services, bool AreAll);

/// <summary>Which services would get which layer versions, as catalogue and services stand. Kept as long as those two stay: what units report changes nothing of it.</summary>
internal sealed class LayerChoices
{
    /// <summary>Steps of resolving for one version: some seconds of one core.</summary>
    public const int MostSteps = 1_000_000;

    private static readonly ConditionalWeakTable<Catalogue, LayerChoices> Known = [];

    private readonly Catalogue _catalogue;
    private readonly ImmutableDictionary<Guid, ServiceRow> _services;
    private readonly int _mostSteps;
    private readonly ConcurrentDictionary<(LayerKey, SemanticVersion), Lazy<LayerChoice>> _kept = [];

    private LayerChoices(HubState state, int mostSteps)
    {
        (_catalogue, _services, _mostSteps) = (state.Catalogue, state.Services, mostSteps);
        Oems = [.. state.Catalogue.Layers.Select(l => l.Key.Owner).Distinct()];
    }

    /// <summary>Whose units a bare name may be said for: those who have layers.</summary>
    public IReadOnlyList<string> Oems { get; }

    /// <summary>Those of a snapshot.</summary>
    /// <param name="mostSteps">Of each version; it counts for who asks first.</param>
    public static LayerChoices In(HubState state, int mostSteps = MostSteps)
    {
        if (Known.TryGetValue(state.Catalogue, out var known) && ReferenceEquals(known._services, state.Services)) return known;
        known = new(state, mostSteps);
        Known.AddOrUpdate(state.Catalogue, known);
        return known;
    }

    /// <summary>Whether <see cref="Of"/> answers at once.</summary>
    public bool Knows(LayerRelease release) => !MayBeChosen(release) || (_kept.TryGetValue((release.Layer, release.Version), out var kept) && kept.IsValueCreated);

    /// <summary>The service versions whose needs lead to a version: on no base in particular, or on one that it was built for.</summary>
    public LayerChoice Of(Layer layer, LayerRelease release) =>
        MayBeChosen(release) ? _kept.GetOrAdd((release.Layer, release.Version), _ => new(() => Resolved(layer, release))).Value : new([], AreAll: true);

    /// <summary>Whether a need means the layer on the units of <paramref name="oem"/>.</summary>
    public bool Means(LayerNeed need, string oem, Layer layer) => _catalogue.Find(need.Layer, oem)?.Key == layer.Key;

    // What was taken back goes to nobody who has it not yet, whatever is needed.
    private static bool MayBeChosen(LayerRelease release) => release.Lifecycle.State is not (ReleaseState.Yanked or ReleaseState.Retired);

    private LayerChoice Resolved(Layer layer, LayerRelease release)
    {
        var (found, budget) = (new List<(ServiceRow, SemanticVersion)>(), new StepBudget(_mostSteps));
        var bases = release.Images.Select(i => i.Base?.Identity).Append(null).Distinct().ToList();
        foreach (var service in _services.Values.Where(s => layer.IsSharedWith(s.Owner)))
        {
            foreach (var version in service.Versions)
            {
                if (Oems.Any(oem => IsChosen(service, version, oem))) found.Add((service, version.Version));
                else if (budget.IsSpent) return new(found, AreAll: false);
            }
        }
        return new(found, AreAll: true);

        // Where a need means the layer, no version outside of it comes into the stack, as a parent neither.
        bool IsChosen(ServiceRow service, ServiceVersionRow version, string oem) =>
            version.Needs.Where(n => Means(n, oem, layer)).ToList() is { Count: > 0 } needs && needs.All(n => n.Range.Contains(release.Version))
            && bases.Any(@base => version.Images.Any(image => Leads(service, version, new(oem, image.Platform, @base))));

        bool Leads(ServiceRow service, ServiceVersionRow version, ResolutionScope scope) =>
            Resolver.Resolve(_catalogue, scope, [new(service.Codename, version.Needs) { Owner = service.Owner }], budget) is Resolution.Resolved resolved
            && resolved.Stacks[0].Layers.Any(l => l.Release.Layer == release.Layer && l.Release.Version == release.Version);
    }
}
