using Strata.Hub.Access;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>A hub's small past, made up from a seed, and what a search in it has to find by the plainest reckoning.</summary>
internal sealed class RandomCatalogue
{
    private static readonly string[] Names = ["OpenSSL", "openssh", "zlib", "libz", "six", "sixteen", "jq", "j", "naïve", "per%cent", "under_score", "a\"b\"c"];
    private static readonly string[] Licenses = ["MIT", "Apache-2.0", "GPL-3.0-only", "Zlib"];
    private static readonly string[] Folders = ["usr/bin", "usr/lib", "usr/lib/six", "etc"];
    private readonly Random _random;
    private readonly Dictionary<string, HashSet<IndexedThing>> _held = [];

    public RandomCatalogue(int seed)
    {
        _random = new(seed);
        State = HubState.Empty;
        for (var i = _random.Next(4, 30); i > 0; i--) Publish();
        for (var i = _random.Next(0, 3); i > 0; i--) Share();
        for (var i = _random.Next(0, 5); i > 0; i--) Move();
    }

    public HubState State { get; private set; }

    /// <summary>Every version for the index, with the number of the change that published it.</summary>
    public List<(long Sequence, IndexedVersion[] Versions)> Published { get; } = [];

    public CatalogueQuery Query() => new(Words())
    {
        Kind = _random.Next(3) == 0 ? (HitKind)_random.Next(3) : null,
        Owner = _random.Next(4) == 0 ? Owner() : null,
        Platform = _random.Next(4) == 0 ? Platform(_random.Next(2)).ToString() : null,
        Feature = _random.Next(8) == 0 ? "fpu" : null,
        State = _random.Next(4) == 0 ? (ReleaseState)_random.Next(5) : null,
        Limit = _random.Next(1, 12),
    };

    /// <summary>All that <paramref name="query"/> has to find, in no order, each as one line.</summary>
    public HashSet<string> Expected(Caller caller, CatalogueQuery query)
    {
        var words = query.Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new HashSet<string>();
        if (words.Length == 0) return found;
        foreach (var layer in State.Catalogue.Layers.Where(l => caller.Sees(Guarded.Of(l)) && (query.Owner is null || l.Key.Owner == query.Owner)))
        {
            var names = layer.Aliases.Append(layer.Key.Codename).Append(layer.Title ?? "").Select(n => n.ToLowerInvariant()).ToList();
            var newest = layer.Releases.FirstOrDefault(r => Fits(r, query, r.Images));
            if ((query.Kind is null or HitKind.Layer) && newest is not null && words.All(w => names.Exists(n => n.Contains(w)))) found.Add($"Layer {layer.Key.Owner} {layer.Key.Codename} {newest}");
            foreach (var platform in layer.Releases.SelectMany(r => r.Images).Select(i => i.Platform.ToString()).Distinct().Where(p => query.Platform is null || p == query.Platform))
                found.UnionWith(Things(layer, platform, query, words));
        }
        return found;
    }

    /// <summary>A hit as <see cref="Expected"/> writes it.</summary>
    public static string Line(CatalogueHit hit) => hit.Kind == HitKind.Layer
        ? $"Layer {hit.Layer.Key.Owner} {hit.Name} {hit.Release}"
        : $"{hit.Kind} {hit.Name} {hit.Version} {hit.License} {hit.Type} {string.Join(',', hit.Sonames)} in {hit.Layer.Key.Owner} {hit.Release} {hit.Platform} ({string.Join(", ", hit.Spans)}{(hit.Spans.Any(s => s.IsOpen) ? " on" : "")})";

    private IEnumerable<string> Things(Layer layer, string platform, CatalogueQuery query, string[] words)
    {
        var published = Published.SelectMany(p => p.Versions).Where(v => v.Layer == layer.Key && v.Platform == platform)
            .Select(v => (Release: layer.Releases.First(r => r.Version.ToString() == v.Version), Held: _held[$"{layer.Key.Owner} {layer.Key.Codename} {v.Version} {platform}"])).ToList();
        foreach (var thing in published.SelectMany(v => v.Held).Distinct().Where(t => query.Kind is null || t.Kind == query.Kind).Where(t => Finds(t, words)))
        {
            var spans = new List<string>();
            for (var at = published.Count - 1; at >= 0; at--)
            {
                if (!published[at].Held.Contains(thing)) continue;
                var last = at;
                while (at > 0 && published[at - 1].Held.Contains(thing)) at--;
                spans.Add(at == last ? $"{published[at].Release.Version}" : $"{published[at].Release.Version} to {published[last].Release.Version}");
            }
            if (published.FindLast(v => v.Held.Contains(thing) && Fits(v.Release, query, v.Release.Images.Where(i => i.Platform.ToString() == platform))).Release is not { } release) continue;
            yield return $"{thing.Kind} {thing.Name} {thing.Version} {thing.License} {thing.Type} {thing.Sonames?.Replace('\n', ',')} in {layer.Key.Owner} {release} {platform} ({string.Join(", ", spans)}{(published[^1].Held.Contains(thing) ? " on" : "")})";
        }
    }

    // Words of three letters are found anywhere, shorter ones only at the front of a name.
    private static bool Finds(IndexedThing thing, string[] words)
    {
        string?[] texts = [thing.Name, thing.Version, thing.License, .. thing.Sonames?.Split('\n') ?? []];
        var name = thing.Name[(thing.Kind == HitKind.File ? thing.Name.LastIndexOf('/') + 1 : 0)..].ToLowerInvariant();
        return words.All(w => texts.Any(t => t?.Contains(w, StringComparison.OrdinalIgnoreCase) == true)) && (words.Any(w => w.Length >= 3) || name.StartsWith(words[0], StringComparison.Ordinal));
    }

    private static bool Fits(LayerRelease release, CatalogueQuery query, IEnumerable<LayerImage> images) =>
        (query.State is null || release.Lifecycle.State == query.State)
        && images.Any(i => (query.Platform is null || i.Platform.ToString() == query.Platform) && (query.Feature is null || i.Platform.OsFeatures.Contains(query.Feature)));

    private void Publish()
    {
        var (owner, codename) = (Owner(), $"{Names[_random.Next(4)].ToLowerInvariant()}-layer");
        var layer = State.Catalogue.Find(new LayerKey(owner, codename));
        var version = SemanticVersion.Parse($"{_random.Next(3)}.{_random.Next(4)}.{layer?.Releases.Count ?? 0}");
        var images = Enumerable.Range(0, 2).Where(i => i == 0 || _random.Next(2) == 0)
            .Select(i => new LayerImage(Platform(i), Sample.Digest($"{owner} {codename} {version} {i}"), Sample.Content($"{owner} {codename} {version} {i}"), 1, 1)).ToList();
        State = State.Apply(State.Sequence + 1, new LayerPublished(
            layer?.Id ?? Guid.NewGuid(), owner, codename, version, $"The {codename}", [$"aos-{codename}"], [.. images], [.. images.Select(i => i.Digest)]));
        Published.Add((State.Sequence, [.. images.Select(i =>
        {
            var things = Things(Published.SelectMany(p => p.Versions).LastOrDefault(v => v.Layer == new LayerKey(owner, codename))?.Things ?? []);
            _held[$"{owner} {codename} {version} {i.Platform}"] = [.. things];
            return new IndexedVersion(new(owner, codename), version.ToString(), i.Platform.ToString(), things);
        })]));
    }

    /// <summary>Most of what was there before, and something else.</summary>
    private List<IndexedThing> Things(IEnumerable<IndexedThing> before) =>
        [.. before.Where(_ => _random.Next(5) > 0), .. Enumerable.Range(0, _random.Next(6)).Select(_ => _random.Next(2) == 0 ? Library() : File())];

    private IndexedThing Library() => IndexedThing.Of(new(Names[_random.Next(Names.Length)], $"{_random.Next(2)}.{_random.Next(3)}", "deb")
    {
        License = _random.Next(3) == 0 ? null : Licenses[_random.Next(Licenses.Length)],
        Sonames = _random.Next(3) == 0 ? [$"lib{Names[_random.Next(3)]}.so.{_random.Next(2)}", "libsecond.so"] : [],
    });

    private IndexedThing File() => IndexedThing.OfFile($"{Folders[_random.Next(Folders.Length)]}/{Names[_random.Next(Names.Length)]}", _random.Next(4) == 0 ? "libfile.so.1" : null);

    private void Share()
    {
        var layer = State.Catalogue.Layers.ElementAt(_random.Next(State.Catalogue.Layers.Count()));
        State = State.Apply(State.Sequence + 1, new LayerShared(layer.Key.Owner, layer.Key.Codename, new() { IsOpen = _random.Next(2) == 0, HiddenFrom = ["sp.localhost"] }));
    }

    private void Move()
    {
        var layer = State.Catalogue.Layers.ElementAt(_random.Next(State.Catalogue.Layers.Count()));
        State = State.Apply(State.Sequence + 1, new LayerVersionMoved(
            layer.Key.Owner, layer.Key.Codename, layer.Releases[_random.Next(layer.Releases.Count)].Version, new((ReleaseState)_random.Next(5)) { Reason = "so" }));
    }

    private string Owner() => _random.Next(3) == 0 ? "other.localhost" : Sample.Oem;

    private static Platform Platform(int number) => number == 0 ? Sample.Amd64 : new("arm64") { OsFeatures = ["fpu"] };

    private string Words()
    {
        string[] texts = [.. Names, .. Licenses, .. Folders, "libsecond.so", "libfile.so.1", "1.2", "layer", "The", "aos-"];
        return string.Join(' ', Enumerable.Range(0, _random.Next(1, 3)).Select(_ =>
        {
            var text = texts[_random.Next(texts.Length)];
            var start = _random.Next(text.Length);
            return _random.Next(3) == 0 ? text.ToUpperInvariant() : text[start..Math.Min(text.Length, start + _random.Next(1, 6))];
        }));
    }
}
