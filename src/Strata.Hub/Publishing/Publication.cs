using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Units;
using Outcome = Strata.Model.Catalogues.Publication;

namespace Strata.Hub.Publishing;

/// <summary>Puts a bundle's items one by one onto a snapshot and collects the changes, or every reason against. Pure.</summary>
/// <param name="state">What is published already.</param>
/// <param name="owner">The bundle: what it publishes belongs to its owner.</param>
internal sealed class Publication(HubState state, BundleRow owner, DateTimeOffset now)
{
    private Catalogue _catalogue = state.Catalogue;

    public List<Change> Changes { get; } = [];

    public List<BundleItemRow> Items { get; } = [];

    /// <summary>What went without a change.</summary>
    public List<string> Notes { get; } = [];

    public List<string> Reasons { get; } = [];

    /// <summary>A layer version.</summary>
    public void Add(TakenLayer layer)
    {
        var release = new LayerRelease(new(owner.Owner, layer.Codename), layer.Version, layer.Images.Select(i => FirstPublished(layer.Codename, i)).ToEquatableList());
        var id = _catalogue.IdOf(release.Layer) ?? Guid.NewGuid();
        Items.Add(new(id, "layer", layer.Codename, layer.Version.ToString()));
        if (_catalogue.Find(release.Layer) is null && _catalogue.Find(layer.Codename, owner.Owner) is { } named)
        {
            Reasons.Add($"The name '{Quote.Short(layer.Codename)}' already means the layer {named.Key} of {named.Key.Owner}. Take another codename, or that name away from it: strata layers alias {named.Key} --remove {Quote.Short(layer.Codename)}");
            return;
        }
        switch (_catalogue.Publish(release, id, layer.Title, layer.Aliases, _catalogue.Sequence))
        {
            case Outcome.Accepted accepted:
                _catalogue = accepted.Catalogue;
                Changes.Add(new LayerPublished(id, owner.Owner, layer.Codename, layer.Version, layer.Title, layer.Aliases, release.Images, layer.Descriptions));
                break;
            case Outcome.AlreadyPublished: Notes.Add($"{release} is published already with the same content."); break;
            case Outcome.Refused refused: Reasons.Add(refused.Reason); break;
        }
    }

    /// <summary>A child is pinned to its parent's content, so that has to be there: published before, or in the same bundle (decision 4).</summary>
    public void CheckParents(IEnumerable<TakenLayer> layers)
    {
        foreach (var layer in layers)
            foreach (var image in layer.Images)
                if (image.Parent is { } parent && _catalogue.FindContent(owner.Owner, parent.DiffId, parent.Name) is null)
                    Reasons.Add($"{layer.Codename} {layer.Version} for {image.Platform} was built on {parent.Name} {parent.Version} with diff id {parent.DiffId}, which is not published. Publish that one first, or in the same bundle.");
    }

    /// <summary>A service version.</summary>
    public void Add(TakenService taken)
    {
        var service = state.FindService(owner.Owner, taken.Codename);
        var id = service?.Id ?? taken.Id ?? Guid.NewGuid();
        Items.Add(new(id, "service", taken.Codename, taken.Version.ToString()));
        var name = $"{taken.Codename} {taken.Version}";
        if (taken.Id is { } asked && asked != id) Reasons.Add($"{name} names the id {asked}, and {taken.Codename} has the id {id}. Leave the id out.");
        if (taken.Id is { } foreign && state.Services.TryGetValue(foreign, out var other) && (other.Owner != owner.Owner || other.Codename != taken.Codename))
            Reasons.Add($"{name} names the id {foreign}, which belongs to another service. Leave the id out.");
        if (taken.Version.ToString().Length > WireVersion.LongestServiceVersion)
            Reasons.Add($"{name}: the version has more than {WireVersion.LongestServiceVersion} characters, and units take no more. Shorten it.");
        Reasons.AddRange(NeedsCheck.Obstacles(_catalogue, owner.Owner, taken.Codename, taken.Needs, [.. taken.Images.Select(i => i.Platform)]).Select(r => $"{name}: {r}"));

        var version = new ServiceVersionRow(Guid.NewGuid(), taken.Version, taken.Needs, taken.Images, taken.Instances, taken.Priority) { PublishedAt = now };
        var present = service?.Versions.FirstOrDefault(v => v.Version == taken.Version);
        if (present is null && service?.Removed.Contains(taken.Version.ToString()) == true)
            Reasons.Add($"{name} was published and removed, and a version never comes again. Raise the version.");
        else if (present is null)
            Changes.Add(new ServicePublished(id, owner.Owner, owner.OwnerId, taken.Codename, taken.Title, taken.Description, version));
        else if (present.SaysTheSameAs(version)) Notes.Add($"{name} is published already with the same content.");
        else Reasons.Add($"{name} is published already with other content, and published versions never change. Raise the version.");
    }

    /// <summary>One content is served under one file, that of its first publication (decision 8).</summary>
    private LayerImage FirstPublished(string codename, LayerImage image) =>
        _catalogue.FindContent(owner.Owner, image.DiffId, codename) is { } first
            ? image with { Digest = first.Image.Digest, Size = first.Image.Size, MediaType = first.Image.MediaType }
            : image;
}
