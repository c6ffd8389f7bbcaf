using Strata.Hub.Catalogues;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Garbage;

/// <summary>Which blobs a snapshot names, and as what (decision 16).</summary>
internal sealed class BlobNames
{
    private readonly HubState _state;
    private readonly Dictionary<Digest, string> _reasons = [];

    private BlobNames(HubState state) => _state = state;

    /// <summary>Everything named.</summary>
    public IReadOnlyCollection<Digest> Digests => _reasons.Keys;

    /// <summary>What names <paramref name="digest"/>, for people; null when nothing does.</summary>
    public string? ReasonFor(Digest digest) => _reasons.GetValueOrDefault(digest);

    /// <summary>Finds every name in <paramref name="state"/>.</summary>
    /// <param name="sideDocuments">What each description names, kept from one call to the next: a description never changes.</param>
    /// <exception cref="IOException">A description is not held or cannot be read: then nobody knows what it names, and nothing may be collected.</exception>
    public static async Task<BlobNames> OfAsync(HubState state, IBlobs blobs, IDictionary<Digest, IReadOnlyList<Digest>> sideDocuments, CancellationToken cancellation)
    {
        var names = new BlobNames(state);
        names.AddVersions();
        names.AddUnits();
        foreach (var release in state.Catalogue.Layers.SelectMany(l => l.Releases))
        {
            foreach (var description in release.Descriptions)
            {
                if (!sideDocuments.TryGetValue(description, out var documents))
                    sideDocuments[description] = documents = await SideDocumentsAsync(description, blobs, cancellation);
                names.Add(description, $"layer.json of {release} of {release.Layer.Owner}");
                foreach (var document in documents) names.Add(document, $"a document of {release} of {release.Layer.Owner}");
            }
        }
        return names;
    }

    /// <summary>Whether <paramref name="state"/> names the same blobs: nothing in it that names any was touched.</summary>
    public bool HoldFor(HubState state) =>
        ReferenceEquals(_state.Catalogue, state.Catalogue)
        && ReferenceEquals(_state.Services, state.Services) && ReferenceEquals(_state.Targets, state.Targets)
        && ReferenceEquals(_state.Compositions, state.Compositions)
        && (ReferenceEquals(_state.Bundles, state.Bundles) || state.Bundles.Values.All(b => b.Log is not { } log || _reasons.ContainsKey(log)));

    private void AddVersions()
    {
        foreach (var release in _state.Catalogue.Layers.SelectMany(l => l.Releases))
            foreach (var image in release.Images) Add(image.Digest, $"layer {release.Layer.Codename} {release.Version} of {release.Layer.Owner}");
        foreach (var service in _state.Services.Values)
            foreach (var version in service.Versions)
                foreach (var image in version.Images) Add(image.Layer.Digest, $"service {service.Codename} {version.Version} of {service.Owner}");
        foreach (var bundle in _state.Bundles.Values)
            if (bundle.Log is { } log) Add(log, $"build log of bundle {bundle.Id}");
        foreach (var target in _state.Targets.Values)
        {
            foreach (var digest in target.Blobs) Add(digest, $"target {target.Name} of {target.Owner}");
            foreach (var earlier in target.Earlier) Add(earlier.Document, $"an earlier base of target {target.Name} of {target.Owner}");
        }
    }

    // What a unit shall have or last reported is among the composed images, and those are all kept.
    private void AddUnits()
    {
        foreach (var composition in _state.Compositions.Values)
        {
            var reason = $"composed image {composition.WireVersion} of service {_state.Services.GetValueOrDefault(composition.ServiceId)?.Codename ?? composition.ServiceId.ToString()}";
            foreach (var digest in composition.Blobs.Append(composition.Index)) Add(digest, reason);
            Add(composition.Lock, $"lock of {reason}");
        }
    }

    private void Add(Digest digest, string reason) => _reasons.TryAdd(digest, reason);

    private static async Task<IReadOnlyList<Digest>> SideDocumentsAsync(Digest description, IBlobs blobs, CancellationToken cancellation)
    {
        try
        {
            var found = await blobs.DescriptionAsync(description, cancellation)
                ?? throw new IOException($"The store does not hold the description {description}, so nothing is collected: what it names is not known. Restore it from a backup.");
            return [.. found.Documents.Select(d => d.Digest)];
        }
        catch (InvalidDataException problem)
        {
            throw new IOException($"{problem.Message} So nothing is collected: what it names is not known.", problem);
        }
    }
}
