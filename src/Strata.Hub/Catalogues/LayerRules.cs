using System.Globalization;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Judges what an OEM decides about one of its layers. Pure.</summary>
internal static class LayerRules
{
    /// <summary>Service providers in each list of a sharing.</summary>
    public const int MostProviders = 1000;

    /// <summary>Names of a layer beside its codename that an OEM may give it.</summary>
    public const int MostAliases = 20;

    /// <summary>Of the states that a request may ask for, the one that a version in use does not get.</summary>
    public const string Retired = "retired";

    private const int LongestAlias = 128;
    private const string DayFormat = "yyyy-MM-dd";
    private static readonly Dictionary<string, ReleaseState> States = Enum.GetValues<ReleaseState>().ToDictionary(s => s.ToString().ToLowerInvariant());
    private static readonly Dictionary<string, ProviderAccess> Accesses = Enum.GetValues<ProviderAccess>().ToDictionary(a => a.ToString().ToLowerInvariant());

    /// <summary>A version moves on in its life (record 0027). What is in use is not retired.</summary>
    public static Decision<Outcome> Move(HubState state, Layer layer, string version, LayerStateRequest asked, Caller caller)
    {
        var (release, missing) = Release(layer, version);
        if (release is null) return new(missing!);
        var (next, mistakes) = Read(layer, release, asked);
        if (mistakes.Count > 0) return new(Outcome.Wrong(mistakes));
        if (next == release.Lifecycle) return new(Outcome.Ok);
        if (release.Lifecycle.Obstacle(next!) is { } obstacle) return new(Outcome.Conflict($"{release}: {obstacle}"));
        if (next!.State == ReleaseState.Retired && Uses.OfLayer(state, layer, release, caller) is { Count: > 0 } uses)
            return new(Outcome.Conflict([$"{release} is in use and cannot be retired.", .. uses]));
        return new(Outcome.Ok, new LayerVersionMoved(layer.Key.Owner, layer.Key.Codename, release.Version, next));
    }

    /// <summary>A version is deleted when nobody uses it. Its name comes back with the same content only (record 0035).</summary>
    public static Decision<Outcome> Remove(HubState state, Layer layer, string version, Caller caller)
    {
        var (release, missing) = Release(layer, version);
        if (release is null) return new(missing!);
        return Uses.OfLayer(state, layer, release, caller) is { Count: > 0 } uses
            ? new(Outcome.Conflict([$"{release} is in use and cannot be deleted.", .. uses]))
            : new(Outcome.Removed, new LayerVersionRemoved(layer.Key.Owner, layer.Key.Codename, release.Version));
    }

    /// <summary>Sharing and recommendation; what is left out stays.</summary>
    public static Decision<Outcome> Share(Layer layer, LayerSharingRequest asked)
    {
        var before = layer.Sharing;
        var next = before with
        {
            IsOpen = asked.IsOpen ?? before.IsOpen,
            SharedWith = Sorted(asked.SharedWith) ?? before.SharedWith,
            HiddenFrom = Sorted(asked.HiddenFrom) ?? before.HiddenFrom,
            IsRecommended = asked.IsRecommended ?? before.IsRecommended,
            RecommendedTo = Sorted(asked.RecommendedTo) ?? before.RecommendedTo,
        };
        return Shared(layer, next);
    }

    /// <summary>The same for one service provider.</summary>
    public static Decision<Outcome> Share(Layer layer, string provider, ProviderSharingRequest asked)
    {
        var mistakes = Domains("service provider", [provider], layer);
        var access = ProviderAccess.Default;
        if (asked.Access is not null && !Accesses.TryGetValue(asked.Access, out access))
            mistakes.Add($"access: '{Quote.Short(asked.Access)}' is unknown{NearestName.Hint(asked.Access, Accesses.Keys)}; it is one of {string.Join(", ", Accesses.Keys)}.");
        if (asked.Access is null && asked.IsRecommended is null) mistakes.Add("Neither access nor is_recommended is said; say one of them.");
        if (mistakes.Count > 0) return new(Outcome.Wrong(mistakes));
        var next = asked.Access is null ? layer.Sharing : layer.Sharing.With(provider, access);
        return Shared(layer, asked.IsRecommended is { } recommended ? next.With(provider, recommended) : next);
    }

    /// <summary>A further name, unique inside the owner (decision 8).</summary>
    public static Decision<Outcome> Name(HubState state, Layer layer, string? alias)
    {
        if (alias is not { Length: > 0 and <= LongestAlias } || alias.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or '@' or ':' or '?' or '#' or '%') || alias is "." or ".." || Guid.TryParse(alias, out _))
            return new(Outcome.Wrong($"alias: 1 to {LongestAlias} characters are expected, without blanks and without / @ : ? # %, and no UUID."));
        if (layer.IsNamed(alias)) return new(Outcome.Ok);
        if (state.Catalogue.Find(alias, layer.Key.Owner) is { } taken)
            return new(Outcome.Conflict($"The name '{Quote.Short(alias)}' already means {(taken.Key.Owner == layer.Key.Owner ? $"the layer {taken.Key}. Take another, or that one away from it first." : "a layer of somebody else. Take another.")}"));
        return layer.Aliases.Count >= MostAliases
            ? new(Outcome.Conflict($"{layer.Key} has {layer.Aliases.Count} other names, and {MostAliases} are the most. Take one away first."))
            : Named(layer, layer.Aliases.Append(alias), Outcome.Ok);
    }

    /// <summary>A further name is taken away; not while a service needs the layer by it.</summary>
    public static Decision<Outcome> Unname(HubState state, Layer layer, string alias, Caller caller) =>
        !layer.Aliases.Contains(alias) ? new(Outcome.Missing($"{layer.Key} is not also called '{Quote.Short(alias)}'; its other names are {(layer.Aliases.Count == 0 ? "none" : string.Join(", ", layer.Aliases))}."))
        : Uses.OfAlias(state, layer, alias, caller) is { Count: > 0 } uses ? new(Outcome.Conflict(uses))
        : Named(layer, layer.Aliases.Where(a => a != alias), Outcome.Removed);

    /// <summary>Whether new versions start as candidates.</summary>
    public static Decision<Outcome> Set(Layer layer, LayerSettingsRequest asked) =>
        asked.StartsAsCandidate is not { } trial ? new(Outcome.Wrong("starts_as_candidate: true or false is expected."))
        : trial == layer.StartsAsCandidate ? new(Outcome.Ok)
        : new(Outcome.Ok, new LayerTrialSet(layer.Key.Owner, layer.Key.Codename, trial));

    private static (LayerRelease? Release, Outcome? Missing) Release(Layer layer, string text) =>
        !SemanticVersion.TryParse(text, out var version, out var problem) ? (null, new(StatusCodes.Status400BadRequest, problem))
        : layer.Find(version) is { } release ? (release, null)
        : (null, Outcome.Missing($"{layer.Key} has no version {version}; its newest is {layer.Releases[0].Version}."));

    /// <summary>What is asked for, or every mistake in it.</summary>
    private static (Lifecycle? Next, List<string> Mistakes) Read(Layer layer, LayerRelease release, LayerStateRequest asked)
    {
        var mistakes = new List<string>();
        if (!States.TryGetValue(asked.State ?? "", out var to))
            mistakes.Add($"state: '{Quote.Short(asked.State)}' is unknown{NearestName.Hint(asked.State ?? "", States.Keys)}; it is one of {string.Join(", ", States.Keys)}.");
        SemanticVersion? successor = null;
        if (asked.Successor is not null && !SemanticVersion.TryParse(asked.Successor, out successor, out var problem)) mistakes.Add($"successor: {problem}");
        else if (successor is not null && SuccessorFault(layer, release, successor) is { } fault) mistakes.Add($"successor: {fault}");
        DateOnly? ends = null;
        if (asked.EndsOn is not null)
        {
            if (DateOnly.TryParseExact(asked.EndsOn, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) ends = day;
            else mistakes.Add($"ends_on: '{Quote.Short(asked.EndsOn)}' is no day; one as 2027-01-31 is expected.");
        }
        if (mistakes.Count > 0) return (null, mistakes);
        var next = new Lifecycle(to) { Reason = string.IsNullOrWhiteSpace(asked.Reason) ? null : asked.Reason.Trim(), Successor = successor, EndsOn = ends };
        return next.Fault() is { } wrong ? (null, [wrong]) : (next, mistakes);
    }

    private static string? SuccessorFault(Layer layer, LayerRelease release, SemanticVersion successor) =>
        successor == release.Version ? "a version cannot be taken instead of itself. Name another."
        : layer.Find(successor) is not { } found ? $"{layer.Key} has no version {successor}; its newest is {layer.Releases[0].Version}."
        : found.Lifecycle.State is ReleaseState.Yanked or ReleaseState.Retired ? $"{found} {found.Lifecycle}, and nobody can take it. Name another."
        : null;

    private static Decision<Outcome> Shared(Layer layer, LayerSharing next)
    {
        var mistakes = Domains("shared_with", next.SharedWith, layer);
        mistakes.AddRange(Domains("hidden_from", next.HiddenFrom, layer));
        mistakes.AddRange(Domains("recommended_to", next.RecommendedTo, layer));
        mistakes.AddRange(next.SharedWith.Intersect(next.HiddenFrom).Select(d => $"hidden_from: '{d}' is in shared_with, too; it can be in one of them."));
        mistakes.AddRange(next.RecommendedTo.Where(d => !next.Includes(d)).Select(d => $"recommended_to: '{d}' may not use the layer. Share it with {d} first."));
        return mistakes.Count > 0 ? new(Outcome.Wrong(mistakes.Distinct().ToList()))
            : next == layer.Sharing ? new(Outcome.Ok)
            : new(Outcome.Ok, new LayerShared(layer.Key.Owner, layer.Key.Codename, next));
    }

    private static List<string> Domains(string field, EquatableList<string> domains, Layer layer)
    {
        if (domains.Count > MostProviders) return [$"{field}: {domains.Count} are named; {MostProviders} are the most."];
        return
        [
            .. domains.Where(d => !ClientIdentity.IsDomain(d)).Select(d => $"{field}: '{Quote.Short(d)}' is no domain of a service provider."),
            .. domains.Where(d => d == layer.Key.Owner).Select(d => $"{field}: '{d}' owns the layer and always may use it; leave it out."),
        ];
    }

    private static Decision<Outcome> Named(Layer layer, IEnumerable<string> aliases, Outcome done) =>
        new(done, new LayerNamed(layer.Key.Owner, layer.Key.Codename, aliases.Order(StringComparer.Ordinal).ToEquatableList()));

    private static EquatableList<string>? Sorted(string[]? domains) => domains?.Distinct().Order(StringComparer.Ordinal).ToEquatableList();
}
