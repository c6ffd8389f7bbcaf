using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Reads out of the store what the index keeps of a published version.</summary>
internal sealed class LayerContents(IBlobs blobs)
{
    /// <summary>The version's libraries and files, for each of its platforms.</summary>
    /// <exception cref="IOException">The store is not reached, or does not hold the description.</exception>
    public async Task<IReadOnlyList<IndexedVersion>> OfAsync(LayerPublished published, CancellationToken cancellation)
    {
        var versions = new List<IndexedVersion>(published.Images.Count);
        for (var i = 0; i < published.Images.Count; i++)
            versions.Add(new(new(published.Owner, published.Codename), published.Version.ToString(), published.Images[i].Platform.ToString(), await ThingsAsync(published.Descriptions[i], cancellation)));
        return versions;
    }

    private async Task<IReadOnlyCollection<IndexedThing>> ThingsAsync(Digest digest, CancellationToken cancellation)
    {
        try
        {
            var description = await blobs.DescriptionAsync(digest, cancellation) ?? throw new FileNotFoundException($"The store does not hold {digest}.");
            var things = new List<IndexedThing>(description.Libraries.Select(IndexedThing.Of));
            var sonames = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var binary in description.Binaries) sonames[binary.Path] = binary.Soname;
            // Layers of earlier releases have no files.json; of them programs and shared objects are found.
            var files = description.Documents.FirstOrDefault(d => d.Name == FileIndex.FileName);
            if (files is null) things.AddRange(sonames.Select(s => IndexedThing.OfFile(s.Key, s.Value)));
            else await AddFilesAsync(things, files.Digest, sonames, cancellation);
            return things;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"The documents of the description {digest} cannot be read: {problem.Message}", problem);
        }
    }

    private async Task AddFilesAsync(List<IndexedThing> things, Digest digest, Dictionary<string, string?> sonames, CancellationToken cancellation)
    {
        await using var file = await OpenAsync(digest, cancellation);
        await foreach (var entry in FileIndex.ReadEachAsync(file, skip: 0, cancellation))
            if (entry.Kind is not (IndexedKind.Directory or IndexedKind.Deleted or IndexedKind.Emptied))
                things.Add(IndexedThing.OfFile(entry.Path, sonames.GetValueOrDefault(entry.Path)));
    }

    private async Task<Stream> OpenAsync(Digest digest, CancellationToken cancellation) =>
        await blobs.OpenAsync(digest, cancellation) ?? throw new FileNotFoundException($"The store does not hold {digest}.");
}
