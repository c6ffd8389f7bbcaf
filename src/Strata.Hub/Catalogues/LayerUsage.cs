using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>A service version that uses a layer version, as one reader may know it.</summary>
/// <param name="Service">The service's codename.</param>
/// <param name="Version">The service's version.</param>
/// <param name="Layer">The layer's version.</param>
/// <param name="Units">System ids, in ordinal order; only those that the reader may see.</param>
/// <param name="IsOnUnits">Whether some unit shall have it or has it, seen by the reader or not.</param>
/// <param name="IsComposed">Whether an image of it with this layer exists.</param>
/// <param name="IsChosen">Whether its needs lead to this layer version as the catalogue stands.</param>
public sealed record LayerUser(Guid ServiceId, string Service, string Owner, SemanticVersion Version, SemanticVersion Layer, string[] Units, bool IsOnUnits, bool IsComposed, bool IsChosen)
{
    /// <summary>In which ways, in words of the API: <c>unit</c>, <c>image</c>, <c>need</c>.</summary>
    public string[] How => [.. new[] { (IsOnUnits, "unit"), (IsComposed, "image"), (IsChosen, "need") }.Where(w => w.Item1).Select(w => w.Item2)];
}

/// <summary>Who uses which layers, in one snapshot, as one reader may know it.</summary>
internal sealed class LayerUsage(HubState state, Caller caller)
{
    private readonly LayerUses _uses = LayerUses.In(state);

    /// <summary>The one reader.</summary>
    public Caller Reader => caller;

    /// <summary>The services that have any version of a layer on a unit.</summary>
    public IEnumerable<LayerUser> Of(LayerKey layer) => OnUnits(layer).Select(User);

    /// <summary>The services that have one version on a unit.</summary>
    public IEnumerable<LayerUser> Of(LayerKey layer, SemanticVersion version) => OnUnits(layer).Where(u => u.LayerVersion == version).Select(User);

    /// <summary>Every service that uses one version in any way, and the layers that were built on it. Not whole: there are too many needs to try, and services that only would get it may be missing.</summary>
    /// <remarks>Slower than the others: needs are resolved for it.</remarks>
    public (IReadOnlyList<LayerUser> Services, IReadOnlyList<LayerRelease> Children, bool IsWhole) AllOf(Layer layer, LayerRelease release)
    {
        var use = _uses.Of(layer, release);
        return (
            [.. use.Services.Where(Sees).Select(User)],
            [.. use.Children.Where(c => caller.Sees(Guarded.Of(state.Catalogue.Find(c.Layer)!)))],
            use.IsWhole);
    }

    private IEnumerable<ServiceUse> OnUnits(LayerKey layer) => _uses.Composed(layer).Where(u => u.Units.Count > 0 && Sees(u));

    private bool Sees(ServiceUse use) => caller.Sees(Guarded.Of(use.Service));

    private LayerUser User(ServiceUse use) => new(
        use.Service.Id, use.Service.Codename, use.Service.Owner, use.Version, use.LayerVersion,
        [.. use.Units.Where(u => caller.Sees(Guarded.Of(u))).Select(u => u.SystemId)], use.Units.Count > 0, use.IsComposed, use.IsChosen);
}
