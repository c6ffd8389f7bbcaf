using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Tar;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Bench;

/// <summary>A layer that is made up from its number alone: twenty libraries of ten files each, of which each version changes one.</summary>
/// <remarks>
/// Half of the libraries are of a pool that all layers share, half are the layer's own. Of a library's ten files four carry its version in their path,
/// as sonames, dist-info folders and documentation do; the other six keep their path and change their content.
/// </remarks>
internal sealed class MadeUpLayer
{
    public const int Libraries = 20, FilesOfEach = 10, PoolSize = 4000, Owners = 20;
    private static readonly string[] Licenses = ["MIT", "Apache-2.0", "BSD-3-Clause", "GPL-2.0-or-later", "LGPL-2.1-or-later", "MPL-2.0", "Zlib", "ISC", "GPL-3.0-only WITH GCC-exception-3.1"];
    private static readonly string[] Syllables = ["ka", "lo", "mi", "net", "ser", "dax", "run", "py", "tor", "gra", "ven", "os", "lib", "zen", "qu", "ex", "ti", "bo", "cu", "fal"];
    private static readonly string[] Modules = ["__init__", "core", "utils", "errors", "models", "_compat"];
    private static readonly string[] Distribution = ["METADATA", "RECORD", "WHEEL"];
    private static readonly string[] Papers = ["copyright", "changelog", "NEWS"];
    private readonly int _number;
    private readonly (string Name, bool IsPython, int Version)[] _libraries;
    private readonly IndexedThing[]?[] _things = new IndexedThing[]?[Libraries];

    public MadeUpLayer(int number)
    {
        _number = number;
        var random = new Random(number);
        _libraries = new (string, bool, int)[Libraries];
        for (var i = 0; i < Libraries; i++)
        {
            // The pool is used as real ones are: few libraries nearly everywhere, most of them nearly nowhere.
            var own = i >= Libraries / 2;
            var id = own ? PoolSize + number * Libraries + i : Math.Min(PoolSize - 1, (int)(PoolSize * Math.Pow(random.NextDouble(), 3)));
            _libraries[i] = (Name(id), id % 2 == 0, random.Next(30));
        }
        // The same library twice is one: take the next of the pool.
        for (var i = 1; i < Libraries; i++)
            while (_libraries[..i].Any(l => l.Name == _libraries[i].Name)) _libraries[i].Name += "x";
        Key = new($"oem{number % Owners:00}.example", $"{Name(PoolSize + number * Libraries + 7)}-{number}");
        Id = new(Half($"layer {number}"));
    }

    public LayerKey Key { get; }

    public Guid Id { get; }

    public static Platform Platform { get; } = new("arm64") { OsFeatures = ["systemd"] };

    /// <summary>Versions are minor steps; each tenth is a major one.</summary>
    public static SemanticVersion Version(int number) => SemanticVersion.Parse($"{1 + number / 10}.{number % 10}.0");

    /// <summary>What a version holds for the index; called for one version after another.</summary>
    public List<IndexedThing> Things(int version)
    {
        Step(version);
        var things = new List<IndexedThing>(Libraries * (FilesOfEach + 1));
        for (var i = 0; i < Libraries; i++) things.AddRange(_things[i] ??= [.. ThingsOf(Held(_libraries[i]))]);
        return things;
    }

    /// <summary>The same for who asks for no things.</summary>
    public void Step(int version)
    {
        if (version == 0) return;
        var changed = (version + _number) % Libraries;
        _libraries[changed].Version++;
        _things[changed] = null;
    }

    private static IEnumerable<IndexedThing> ThingsOf((Library Library, string Soname, string[] Paths) held) =>
        [IndexedThing.Of(held.Library), .. held.Paths.Select(p => IndexedThing.OfFile(p, p.EndsWith(held.Soname, StringComparison.Ordinal) ? held.Soname : null))];

    /// <summary>The layer.json and files.json of the version that <see cref="Step"/> was called for last.</summary>
    public (byte[] Description, byte[] Files) Documents(int version)
    {
        var published = Published(version, Digest("no description"));
        var lines = Held().SelectMany(l => l.Paths.Select(p => (Path: p, l.Library)))
            .Select(f => new FoundEntry(new() { Name = f.Path, Kind = TarEntryKind.File, Mode = 0x1A4, Size = 4096 }, Digest($"{f.Path} {f.Library.Version}").Hex, null))
            .OrderBy(e => e.Entry.Name, StringComparer.Ordinal).ToList();
        using var written = new MemoryStream();
        FileIndex.Write(written, lines);
        var files = written.ToArray();
        var image = published.Images[0];
        var description = new LayerDescription
        {
            Name = $"aos-{Key.Codename}", Codename = Key.Codename, Version = published.Version, Summary = published.Title, Platform = Platform, License = "MIT",
            Libraries = [.. Held().Select(l => l.Library).OrderBy(l => l.Name, StringComparer.Ordinal)],
            Archive = new(image.MediaType, image.Digest, image.DiffId, image.Size, image.UnpackedSize) { Entries = lines.Count },
            Documents = [new(FileIndex.FileName, Model.Identity.Digest.FromHash(SHA256.HashData(files)), files.Length)],
        };
        return (LayerDescriptionJson.Write(description), files);
    }

    /// <summary>The change that publishes a version.</summary>
    public LayerPublished Published(int version, Digest description)
    {
        var name = $"{Key.Owner} {Key.Codename} {version}";
        var size = 2_000_000 + (_number * 7919L + version * 104_729L) % 8_000_000;
        return new(
            Id, Key.Owner, Key.Codename, Version(version), $"Libraries number {_number}", [$"aos-{Key.Codename}"],
            [new(Platform, Digest(name), DiffId.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes($"content of {name}"))), size, size * 3)], [description]);
    }

    public static Digest Digest(string text) => Model.Identity.Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private IEnumerable<(Library Library, string Soname, string[] Paths)> Held() => _libraries.Select(Held);

    private static (Library Library, string Soname, string[] Paths) Held((string Name, bool IsPython, int Version) made)
    {
        var (name, isPython, step) = made;
        var version = $"{1 + step / 12}.{step % 12}.{step * 7 % 5}";
        var soname = $"lib{name}.so.{1 + step / 12}";
        var license = Licenses[name.Length % Licenses.Length];
        string[] paths = isPython
            ? [
                .. Modules.Select(m => $"usr/lib/python3.12/site-packages/{name}/{m}.py"),
                .. Distribution.Select(m => $"usr/lib/python3.12/site-packages/{name}-{version}.dist-info/{m}"),
                $"usr/share/doc/{name}-{version}/README",
            ]
            : [
                .. Papers.Select(m => $"usr/share/doc/{name}/{m}"),
                $"usr/lib/{soname}", $"usr/bin/{name}", $"etc/{name}.conf",
                $"usr/lib/lib{name}.so.{version}", $"usr/share/{name}-{version}/data", $"usr/share/locale/{name}-{version}.mo", $"usr/libexec/{name}-{version}",
            ];
        return (new(name, version, isPython ? "python" : "deb") { License = license, Sonames = isPython ? [] : [soname], Files = FilesOfEach }, isPython ? "/" : soname, paths);
    }

    private static string Name(int id)
    {
        var (name, rest) = ("", (uint)id * 2_654_435_761u);
        for (var i = 0; i < 4; i++, rest /= 20) name += Syllables[rest % 20];
        return name + (id >= PoolSize ? $"{id:x}" : $"{id % 97:00}");
    }

    private static byte[] Half(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
}
