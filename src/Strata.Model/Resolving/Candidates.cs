using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Model.Resolving;

/// <summary>The versions that could meet one need, and why the others could not.</summary>
/// <param name="Fitting">Newest first; behind all others those that were taken back and that the unit has already (decision 3: yanks count before age).</param>
/// <param name="TakenBack">What was said when a fitting version, or what it stands on, was taken back.</param>
internal sealed record Candidates(
    LayerNeed Need,
    Layer? Layer,
    IReadOnlyList<ChosenLayer> Fitting,
    IReadOnlyList<(LayerRelease Release, string Why)> Rejected,
    IReadOnlyDictionary<LayerRelease, string> TakenBack,
    ResolutionScope Scope)
{
    /// <summary>The layer's codename, or what the need said when nothing is called so.</summary>
    public string Name => Layer?.Key.Codename ?? Need.Layer;

    public static Candidates For(Catalogue catalogue, ResolutionScope scope, ServiceNeeds service, LayerNeed need)
    {
        // A layer that is not shared is as good as none: the refusal tells its name to nobody.
        var layer = catalogue.Find(need.Layer, scope.Oem) is { } found && service.Sees(found) ? found : null;
        var fitting = new List<ChosenLayer>();
        var rejected = new List<(LayerRelease, string)>();
        var takenBack = new Dictionary<LayerRelease, string>();
        foreach (var release in layer?.Releases ?? [])
        {
            var (image, why) = Fit(catalogue, scope, service, need, release);
            if (image is null) rejected.Add((release, why));
            else
            {
                fitting.Add(new(release, image));
                if (why.Length > 0) takenBack.Add(release, why);
            }
        }
        return new(need, layer, [.. fitting.OrderBy(f => takenBack.ContainsKey(f.Release))], rejected, takenBack, scope);
    }

    /// <returns>The image with what was said when it was taken back, empty if it was not; or none, and why.</returns>
    private static (LayerImage? Image, string Why) Fit(
        Catalogue catalogue, ResolutionScope scope, ServiceNeeds service, LayerNeed need, LayerRelease release)
    {
        if (!need.Range.Contains(release.Version)) return (null, $"is outside {need.Range}");
        if (release.Lifecycle.State == ReleaseState.Candidate && !need.Range.IsExact) return (null, $"{release.Lifecycle}, taken only by a need for exactly it");
        if (release.Lifecycle.State == ReleaseState.Retired) return (null, release.Lifecycle.ToString());
        var forPlatform = release.Images.Where(i => i.Platform.RunsOn(scope.Platform)).ToList();
        if (forPlatform.Count == 0)
            return (null, $"is for {string.Join(", ", release.Images.Select(i => i.Platform))}, not {scope.Platform}");
        var forBase = forPlatform.FirstOrDefault(i => scope.Base is null || i.Base?.Identity == scope.Base);
        if (forBase is null)
            return (null, forPlatform[0].Base is { } known
                ? $"was built on another base, {known.Name}"
                : "does not say on which base it was built");
        var isHeld = service.Held.Contains(forBase.DiffId);
        var takenBack = release.Lifecycle.State == ReleaseState.Yanked ? release.Lifecycle.ToString() : "";
        if (takenBack.Length > 0 && !isHeld) return (null, takenBack);
        for (var parent = forBase.Parent; parent is not null;)
        {
            if (catalogue.FindContent(release.Layer.Owner, parent.DiffId, parent.Name) is not { } found)
                return (null, $"needs its parent {Named(service.Owner is null ? parent : catalogue.Shown(parent, release.Layer.Owner, service.Sees))}({parent.DiffId}), which is not published");
            var state = found.Release.Lifecycle.State;
            if (state == ReleaseState.Retired || (state == ReleaseState.Yanked && !isHeld))
                return (null, $"needs its parent{Told(found.Release)}");
            if (state == ReleaseState.Yanked && takenBack.Length == 0) takenBack = $"stands on its parent{Told(found.Release)}";
            parent = found.Image.Parent;
        }
        return (forBase, takenBack);

        // What it is, and why it was taken back, is for those who may know of it.
        string Told(LayerRelease parent) => service.Sees(catalogue, parent) ? $" {parent}, which {parent.Lifecycle}" : ", which was taken back";
    }

    private static string Named(ParentLayer parent) => parent.Name.Length == 0 ? "" : $"{parent} ";

    /// <summary>The refusal when nothing fits, with the cure.</summary>
    public string WhyNone()
    {
        var at = Need.WrittenAt is null ? "" : $"{Need.WrittenAt}: ";
        if (Layer is null)
            return $"{at}no layer of {Scope.Oem} is called '{Quote.Short(Need.Layer)}', or it is not shared with the service's provider. Publish it, share it, or correct the name.";
        var inRange = Rejected.Where(r => Need.Range.Contains(r.Release.Version)).ToList();
        return inRange.Count == 0
            ? $"{at}{Layer.Key} {Need.Range} matches no published version; there are {Listed(Layer.Releases.Select(r => r.Version))}. Change the range, or publish a version in it."
            : $"{at}{Layer.Key} {Need.Range}: {string.Join("; ", inRange.Select(r => $"{r.Release.Version} {r.Why}"))}. Publish a build for {Scope.Platform} on this base.";
    }

    /// <summary>One sentence for the explanation.</summary>
    public string WhyChosen(ChosenLayer chosen)
    {
        var newer = Rejected.Where(r => r.Release.Version > chosen.Release.Version).Select(r => $"{r.Release.Version} {r.Why}")
            .Concat(Fitting.Where(f => f.Release.Version > chosen.Release.Version)
                .Select(f => $"{f.Release.Version} {TakenBack.GetValueOrDefault(f.Release, "does not fit into one stack with the other layers")}"))
            .ToList();
        var why = newer.Count == 0 ? "it is the newest" : string.Join("; ", newer);
        var standing = chosen.Release.Lifecycle.State switch
        {
            ReleaseState.Released => "",
            ReleaseState.Yanked => $"; it {chosen.Release.Lifecycle}, and stays only where it is until another fits",
            _ => $"; it {chosen.Release.Lifecycle}",
        };
        var asked = Need.WrittenAt is null ? Need.ToString() : $"{Need} ({Need.WrittenAt})";
        return $"{asked} → {chosen}: {why}{standing}.";
    }

    private static string Listed(IEnumerable<SemanticVersion> versions)
    {
        const int Most = 10;
        var all = versions.ToList();
        return string.Join(", ", all.Take(Most)) + (all.Count > Most ? $" and {all.Count - Most} older" : "");
    }
}
