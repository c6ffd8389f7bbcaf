using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Carries out what an OEM decides about its layers, for the API and the portal alike.</summary>
internal sealed class LayerCare(HubWriter writer)
{
    private const int MostTries = 3;
    private static readonly Outcome Again = Outcome.Conflict("The catalogue changed meanwhile. Try again.");

    /// <summary>Finds the layer and asks the policy, then lets <paramref name="decide"/> judge it while nobody else writes.</summary>
    /// <param name="name">Any name that the caller may use for it.</param>
    /// <param name="decide">Pure.</param>
    /// <returns>What it came to, and the layer afterwards; null when it is none of the caller's, or has no version left.</returns>
    public async Task<(Outcome Outcome, Layer? After)> ChangeAsync(
        Caller caller, string name, Verb verb, Func<HubState, Layer, Decision<Outcome>> decide, CancellationToken cancellation)
    {
        var (outcome, key) = await writer.CommitAsync(state =>
        {
            var layer = LayerViews.Find(state, name, caller);
            if (Outcome.Refusal(caller, verb, layer is null ? null : Guarded.Of(layer), Missing(name)) is { } no) return new((no, null));
            var decision = decide(state, layer!);
            return new Decision<(Outcome, LayerKey?)>((decision.Result, layer!.Key), decision.Changes);
        }, cancellation);
        return (outcome, key is null ? null : writer.State.Catalogue.Find(key));
    }

    /// <summary>Moves a version on in its life.</summary>
    public Task<(Outcome Outcome, Layer? After)> MoveAsync(Caller caller, string name, string version, LayerStateRequest asked, CancellationToken cancellation) =>
        UnusedAsync(caller, name, version, Verb.Change, asked.State == LayerRules.Retired, (state, layer) => LayerRules.Move(state, layer, version, asked, caller), cancellation);

    /// <summary>Deletes a version that nobody uses.</summary>
    public Task<(Outcome Outcome, Layer? After)> RemoveAsync(Caller caller, string name, string version, CancellationToken cancellation) =>
        UnusedAsync(caller, name, version, Verb.Delete, isJudged: true, (state, layer) => LayerRules.Remove(state, layer, version, caller), cancellation);

    /// <summary>Says who may use a layer and to whom it is recommended.</summary>
    public Task<(Outcome Outcome, Layer? After)> ShareAsync(Caller caller, string name, LayerSharingRequest asked, CancellationToken cancellation) =>
        ChangeAsync(caller, name, Verb.Change, (_, layer) => LayerRules.Share(layer, asked), cancellation);

    /// <summary>Says the same of one service provider.</summary>
    public Task<(Outcome Outcome, Layer? After)> ShareAsync(Caller caller, string name, string provider, ProviderSharingRequest asked, CancellationToken cancellation) =>
        ChangeAsync(caller, name, Verb.Change, (_, layer) => LayerRules.Share(layer, provider, asked), cancellation);

    /// <summary>Gives a layer a further name.</summary>
    public Task<(Outcome Outcome, Layer? After)> NameAsync(Caller caller, string name, string? alias, CancellationToken cancellation) =>
        ChangeAsync(caller, name, Verb.Change, (state, layer) => LayerRules.Name(state, layer, alias), cancellation);

    /// <summary>Takes a further name away.</summary>
    public Task<(Outcome Outcome, Layer? After)> UnnameAsync(Caller caller, string name, string alias, CancellationToken cancellation) =>
        ChangeAsync(caller, name, Verb.Change, (state, layer) => LayerRules.Unname(state, layer, alias, caller), cancellation);

    /// <summary>Says whether new versions start as candidates.</summary>
    public Task<(Outcome Outcome, Layer? After)> SetAsync(Caller caller, string name, LayerSettingsRequest asked, CancellationToken cancellation) =>
        ChangeAsync(caller, name, Verb.Change, (_, layer) => LayerRules.Set(layer, asked), cancellation);

    /// <summary>As <see cref="ChangeAsync"/>, with the needs that may lead to the version resolved before anybody waits for it.</summary>
    /// <param name="isJudged">Whether <paramref name="decide"/> asks who uses the version.</param>
    private async Task<(Outcome Outcome, Layer? After)> UnusedAsync(
        Caller caller, string name, string version, Verb verb, bool isJudged, Func<HubState, Layer, Decision<Outcome>> decide, CancellationToken cancellation)
    {
        for (var left = isJudged ? MostTries : 0; ; left--)
        {
            if (left > 0 && LayerViews.Find(writer.State, name, caller) is { } layer && caller.May(verb, Guarded.Of(layer)) && Release(layer) is { } release)
                LayerChoices.In(writer.State).Of(layer, release);
            // Somebody published meanwhile: again, and in the end while everybody waits.
            var done = await ChangeAsync(caller, name, verb, (state, now) =>
                left > 0 && Release(now) is { } then && !LayerChoices.In(state).Knows(then) ? new(Again) : decide(state, now), cancellation);
            if (!ReferenceEquals(done.Outcome, Again)) return done;
        }

        LayerRelease? Release(Layer layer) => SemanticVersion.TryParse(version, null, out var known) ? layer.Find(known) : null;
    }

    /// <summary>What is said when there is no layer, or none for the caller.</summary>
    public static string Missing(string name) => $"There is no layer '{Quote.Short(name)}', or it is not shared with you. 'strata layers list' shows those that are.";
}
