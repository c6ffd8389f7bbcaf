using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Inspection;
using Strata.Model.Layers;

namespace Strata.Artifacts.Sbom;

/// <summary>What both bills of materials call things: the document, its maker, its libraries. All of it follows from the content.</summary>
internal sealed class SbomNames
{
    private const int LongestId = 200;
    private readonly Dictionary<FoundLibrary, string> _ids = new(ReferenceEqualityComparer.Instance);

    public SbomNames(LayerDescription about, LayerInspection content)
    {
        DocumentId = Identify(about);
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var found in content.Found)
        {
            var id = Plain($"{found.About.Type}-{found.About.Name}-{found.About.Version}");
            if (id.Length > LongestId) id = id[..LongestId]; // it is written again for every file
            string name;
            do
            {
                var count = taken[id] = taken.GetValueOrDefault(id) + 1;
                name = count == 1 ? id : $"{id}-{count}";
            }
            while (!given.Add(name)); // x 1-2 is not the second x 1
            _ids[found] = name;
        }
    }

    /// <summary>Identifies the document; the same for the same layer.</summary>
    public Guid DocumentId { get; }

    /// <summary>The program that writes it.</summary>
    public static string Tool => "strata";

    /// <summary>The program's version.</summary>
    public static string ToolVersion { get; } = typeof(SbomNames).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>A name of its own for a library: letters, digits, dots and dashes.</summary>
    public string this[FoundLibrary library] => _ids[library];

    /// <summary>The libraries whose shared objects each library needs, of those that the layer itself brings; in ordinal order of their names.</summary>
    public Dictionary<FoundLibrary, List<FoundLibrary>> Dependencies(LayerInspection content)
    {
        // Of several libraries with a file the one of the system comes first: it is what is installed and removed.
        var owners = new Dictionary<string, FoundLibrary>(StringComparer.Ordinal);
        var providers = new Dictionary<string, FoundLibrary>(StringComparer.Ordinal);
        foreach (var found in content.Found.OrderBy(f => f.About.Package is null ? 0 : 1))
        {
            foreach (var path in found.Paths) owners.TryAdd(path, found);
            foreach (var soname in found.About.Sonames) providers.TryAdd(soname, found);
        }
        var needs = new Dictionary<FoundLibrary, List<FoundLibrary>>(ReferenceEqualityComparer.Instance);
        var known = new HashSet<(string Owner, string Provider)>();
        foreach (var binary in content.Binaries)
        {
            if (!owners.TryGetValue(binary.Path, out var owner)) continue;
            foreach (var needed in binary.Elf.Needed)
            {
                if (!providers.TryGetValue(needed, out var provider) || ReferenceEquals(provider, owner)) continue;
                if (!needs.TryGetValue(owner, out var list)) needs[owner] = list = [];
                if (known.Add((this[owner], this[provider]))) list.Add(provider);
            }
        }
        foreach (var list in needs.Values) list.Sort((a, b) => string.CompareOrdinal(this[a], this[b]));
        return needs;
    }

    private static string Plain(string text) => new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-')]);

    // Version 8 of a UUID: its bits are the maker's own affair; here they are a hash of what the document is about.
    private static Guid Identify(LayerDescription about)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Archive.DiffId}\n{about.Name}\n{about.Version}\n{about.Platform}\n"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
