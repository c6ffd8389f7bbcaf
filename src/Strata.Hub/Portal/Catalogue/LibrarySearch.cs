using System.Collections.Concurrent;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>Something that a search found in the newest version of a layer.</summary>
/// <param name="Kind"><c>layer</c>, <c>library</c> or <c>file</c>.</param>
/// <param name="Name">Of the layer or library; a file's path.</param>
/// <param name="Version">Of the library; null for the others.</param>
/// <param name="License">Of the library; null when it states none, and for the others.</param>
/// <param name="Sonames">What the library or file is to the loader.</param>
public sealed record SearchHit(string Kind, string Name, string? Version, string? License, EquatableList<string> Sonames, LayerRelease Release, Guid LayerId);

/// <summary>What a search came to.</summary>
/// <param name="Unread">Layers whose content was not looked into yet: the same search again looks into more.</param>
public sealed record SearchResult(PagePart<SearchHit> Hits, int Unread);

/// <summary>Finds layers, libraries and programs by what they are called, in the newest version of each layer.</summary>
/// <remarks>
/// Descriptions never change, so what is searched of each is kept by its digest: about 4 kB for a layer of 20 libraries.
/// A search reads a bounded number of new ones, so that the first after a start answers, too.
/// </remarks>
internal sealed class LibrarySearch(LayerViews layers)
{
    private const int MostReadAtOnce = 500;
    private readonly ConcurrentDictionary<Digest, Found[]> _kept = [];

    /// <summary>Searches what <paramref name="caller"/> may see: <c>q</c> in names, versions, licences, sonames and paths; <c>kind</c> keeps one kind of hit.</summary>
    public async Task<SearchResult> OfAsync(HubState state, Caller caller, PageQuery query, CancellationToken cancellation)
    {
        var (text, kind) = (query["q"], query["kind"]);
        var (hits, budget, unread) = (new List<SearchHit>(), MostReadAtOnce, 0);
        foreach (var layer in state.Catalogue.Layers.Where(l => caller.Sees(Guarded.Of(l))))
        {
            var release = layer.Releases[0];
            if (layer.Aliases.Append(layer.Key.Codename).Append(layer.Title ?? "").Any(Has)) hits.Add(new("layer", layer.Key.Codename, null, null, [], release, layer.Id));
            foreach (var image in release.Images)
            {
                var digest = release.DescriptionOf(image);
                if (!_kept.TryGetValue(digest, out var found))
                {
                    if (budget-- <= 0)
                    {
                        unread++;
                        continue;
                    }
                    _kept[digest] = found = [.. Of(await layers.DescriptionAsync(release, image, cancellation))];
                }
                hits.AddRange(found.Where(f => Has(f.Name) || Has(f.Version ?? "") || Has(f.License ?? "") || f.Sonames.Any(Has))
                    .Select(f => new SearchHit(f.Kind, f.Name, f.Version, f.License, f.Sonames, release, layer.Id)));
            }
        }
        var distinct = hits.Where(h => kind.Length == 0 || h.Kind == kind).Distinct()
            .OrderByDescending(h => h.Name.Equals(text, StringComparison.OrdinalIgnoreCase)).ThenBy(h => h.Kind is "layer" ? 0 : h.Kind is "library" ? 1 : 2)
            .ThenBy(h => h.Name, StringComparer.Ordinal).ThenBy(h => h.Release.Layer.Codename, StringComparer.Ordinal).ToList();
        return new(query.Part(distinct), unread);

        bool Has(string value) => text.Length > 0 && value.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<Found> Of(LayerDescription description) =>
        description.Libraries.Select(l => new Found("library", l.Name, l.Version, l.License, l.Sonames))
            .Concat(description.Binaries.Select(b => new Found("file", b.Path, null, null, b.Soname is null ? [] : [b.Soname])));

    private sealed record Found(string Kind, string Name, string? Version, string? License, EquatableList<string> Sonames);
}
