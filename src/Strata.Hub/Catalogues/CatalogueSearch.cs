using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>One search: walks over snapshot and index from the cursor on, until the page is full or enough was looked at.</summary>
internal sealed class CatalogueSearch(HubState state, Caller caller, CatalogueQuery query, IndexReader index)
{
    /// <summary>Rows of the index that one page looks at, of things, tracks and versions, most of them in vain: what does not fit the filters, or is not the caller's to see.</summary>
    /// <remarks>Versions of one track are looked at to their end: a page goes beyond the bound by those of its last track.</remarks>
    private const int MostRows = 2000;

    private const int ShortestGram = 3;

    private enum Pass
    {
        Layers = 0,
        ExactLibraries = 1,
        Libraries = 2,
        LibrariesByPrefix = 3,
        ExactFiles = 4,
        Files = 5,
        FilesByPrefix = 6,
    }

    private readonly IReadOnlyList<string> _words = query.Words;
    private readonly string _key = query.Key;
    private readonly List<CatalogueHit> _hits = [];
    private readonly Dictionary<(string, string), Layer?> _layers = [];
    private CatalogueCursor? _last;
    private int _rows;

    /// <summary>The hits, and where the next page begins; null when there is no more.</summary>
    public (IReadOnlyList<CatalogueHit> Hits, CatalogueCursor? Next) Run()
    {
        if (_words.Count == 0) return ([], null);
        var start = query.After;
        foreach (var pass in Passes())
        {
            if (start is not null && (int)pass < start.Pass) continue;
            var from = start?.Pass == (int)pass ? start : null;
            if (!(pass == Pass.Layers ? Layers(from) : Things(pass, from))) return (_hits, _last);
        }
        return (_hits, null);
    }

    private IEnumerable<Pass> Passes()
    {
        var grams = _words.Any(w => w.EnumerateRunes().Count() >= ShortestGram);
        if (Wants(HitKind.Layer)) yield return Pass.Layers;
        if (Wants(HitKind.Library) && grams) yield return Pass.ExactLibraries;
        if (Wants(HitKind.Library)) yield return grams ? Pass.Libraries : Pass.LibrariesByPrefix;
        if (Wants(HitKind.File) && grams) yield return Pass.ExactFiles;
        if (Wants(HitKind.File)) yield return grams ? Pass.Files : Pass.FilesByPrefix;
    }

    private bool Wants(HitKind kind) => query.Kind is null || query.Kind == kind;

    /// <summary>Layers by what they are called now; false when the page is full.</summary>
    private bool Layers(CatalogueCursor? from)
    {
        var seen = SeenLayers.By(state, caller);
        for (var i = 0; i < seen.All.Length; i++)
        {
            var layer = seen.All[i];
            if (!seen.Names[i].Contains(_words[0], StringComparison.Ordinal)) continue;
            if (from is not null && string.CompareOrdinal(KeyOf(layer), from.Key) <= 0) continue;
            if (query.Owner is not null && layer.Key.Owner != query.Owner) continue;
            if (!HasFitting(layer)) continue;
            if (!_words.All(word => Has(layer.Key.Codename, word) || layer.Aliases.Any(a => Has(a, word)) || (layer.Title is { } title && Has(title, word)))) continue;
            if (layer.Releases.FirstOrDefault(r => Fits(r) && r.Images.Any(i => Fits(i.Platform))) is not { } release) continue;
            if (!Take(new(HitKind.Layer, layer.Key.Codename, layer, release, null), new((int)Pass.Layers, KeyOf(layer), 0, 0))) return false;
        }
        return true;
    }

    /// <summary>Libraries or files of the index; false when the page is full or enough was looked at.</summary>
    private bool Things(Pass pass, CatalogueCursor? from)
    {
        var kind = pass < Pass.ExactFiles ? HitKind.Library : HitKind.File;
        var isByPrefix = pass is Pass.LibrariesByPrefix or Pass.FilesByPrefix;
        var isExact = pass is Pass.ExactLibraries or Pass.ExactFiles;
        var (key, number) = isByPrefix ? (from?.Key ?? _words[0], from?.Thing ?? 0) : (_key, from?.Thing ?? int.MaxValue);
        while (true)
        {
            var part = isExact ? index.Exact(kind, key, number) : isByPrefix ? index.Onwards(kind, key, number) : index.Containing(kind, _words, number);
            foreach (var thing in part)
            {
                if (isByPrefix && !thing.Key.StartsWith(_words[0], StringComparison.Ordinal)) return true;
                var after = thing.Id == from?.Thing ? from.Track : 0;
                var isFound = isExact || isByPrefix || thing.Key != _key; // the exact ones were found by the pass before
                var place = new CatalogueCursor((int)pass, isByPrefix ? thing.Key : "", thing.Id, int.MaxValue);
                if (!isFound || !Holds(thing.Thing))
                {
                    if (!Look(place)) return false;
                }
                else if (!Tracks(thing, place, after)) return false;
            }
            if (part.Count < IndexTables.Part) return true;
            (key, number) = isByPrefix ? (part[^1].Key, part[^1].Id + 1) : (key, part[^1].Id - 1);
        }
    }

    private bool Tracks(FoundThing thing, CatalogueCursor place, int after)
    {
        while (true)
        {
            var (part, goOn) = index.Tracks(thing.Id, after);
            foreach (var track in part)
            {
                after = track.Id;
                place = place with { Track = track.Id };
                if (!(Hit(thing.Thing, track) is { } hit ? Take(hit, place) : Look(place))) return false;
            }
            if (!goOn) return true;
        }
    }

    /// <summary>What is found in a track, if the caller may see it and it passes the filters.</summary>
    private CatalogueHit? Hit(IndexedThing thing, FoundTrack track)
    {
        if (query.Platform is { } platform && track.Platform != platform) return null;
        if (query.Owner is { } owner && track.Owner != owner) return null;
        if (LayerOf(track) is not { } layer) return null;
        LayerRelease? release = null;
        var spans = new List<VersionSpan>(track.Spans.Count);
        foreach (var span in track.Spans)
        {
            if (Nearest(layer, track, span, isUpwards: false, _ => true) is not { } last || Nearest(layer, track, span, isUpwards: true, _ => true) is not { } first) continue;
            spans.Add(new(first.Version, last.Version, span.IsOpen));
            release ??= Fits(last, track.Platform) ? last : Nearest(layer, track, span, isUpwards: false, r => Fits(r, track.Platform));
        }
        return release is null ? null : new(thing.Kind, thing.Name, layer, release, track.Platform)
        {
            Version = thing.Version, License = thing.License, Type = thing.Type, Spans = [.. spans],
            Sonames = thing.Sonames is { } sonames ? [.. sonames.Split('\n')] : [],
        };
    }

    /// <summary>The last or first version in a span that is in the catalogue still and is wanted.</summary>
    private LayerRelease? Nearest(Layer layer, FoundTrack track, FoundSpan span, bool isUpwards, Func<LayerRelease, bool> isWanted)
    {
        LayerRelease? Wanted(string text) => SemanticVersion.TryParse(text, out var version, out _) && layer.Find(version) is { } release && isWanted(release) ? release : null;
        _rows++;
        if (Wanted(isUpwards ? span.FirstVersion : span.LastVersion) is { } outermost) return outermost; // nearly always
        var from = isUpwards ? span.First + 1 : span.Until - 2;
        while (true)
        {
            var part = index.Versions(track.Id, span, from, isUpwards);
            _rows += part.Count;
            foreach (var (_, text) in part)
                if (Wanted(text) is { } inner) return inner;
            if (part.Count < IndexTables.Part) return null;
            from = part[^1].Place + (isUpwards ? 1 : -1);
        }
    }

    /// <summary>The track's layer, when it is there still, is the caller's to see and has a version that passes the filters; looked up once for each search.</summary>
    private Layer? LayerOf(FoundTrack track)
    {
        if (!_layers.TryGetValue((track.Owner, track.Codename), out var layer))
            _layers[(track.Owner, track.Codename)] = layer = state.Catalogue.Find(new LayerKey(track.Owner, track.Codename)) is { } found && Fits(found) ? found : null;
        return layer;
    }

    private bool Holds(IndexedThing thing)
    {
        var text = thing.Search;
        return _words.All(word => text.Contains(word, StringComparison.Ordinal));
    }

    private bool Fits(Layer layer) => (query.Owner is null || layer.Key.Owner == query.Owner) && caller.Sees(Guarded.Of(layer)) && HasFitting(layer);

    private bool HasFitting(Layer layer) =>
        query is { State: null, Platform: null, Feature: null } || LayerVariants.Of(layer).Any(v => (query.State is null || v.State == query.State) && Fits(v.Platform));

    private bool Fits(LayerRelease release) => query.State is null || release.Lifecycle.State == query.State;

    private bool Fits(LayerRelease release, string platform) =>
        Fits(release) && (query.Feature is null || release.Images.Any(i => i.Platform.ToString() == platform && i.Platform.OsFeatures.Contains(query.Feature)));

    private bool Fits(Platform platform) =>
        (query.Platform is null || platform.ToString() == query.Platform) && (query.Feature is null || platform.OsFeatures.Contains(query.Feature));

    private static string KeyOf(Layer layer) => $"{layer.Key.Owner}\n{layer.Key.Codename}";

    private bool IsFull => _hits.Count == Math.Clamp(query.Limit, 1, CatalogueQuery.MostHits);

    /// <summary>Puts a hit on the page; false when the page had no room for it, or enough was looked at.</summary>
    private bool Take(CatalogueHit hit, CatalogueCursor place)
    {
        if (IsFull) return false;
        var goesOn = Look(place);
        _hits.Add(hit);
        return goesOn;
    }

    /// <summary>Counts a row; false when enough was looked at.</summary>
    private bool Look(CatalogueCursor place)
    {
        if (!IsFull) _last = place; // a full page looks on only to know whether there is a next one, which begins behind its last hit
        return ++_rows < MostRows;
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
