using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>A layer archive on disk with the description that stands beside it.</summary>
/// <param name="Archive">Full path.</param>
/// <param name="Description">Null when none stands there.</param>
public sealed record LayerFile(string Archive, LayerDescription? Description);

/// <summary>Finds layers and their descriptions where a build leaves them.</summary>
/// <remarks>Source: docs/formats/layer-archive.md: <c>layers/NAME/{os}-{arch}-{version}.tar.gz</c>, beside it <c>{os}-{arch}-{version}.layer.json</c> and <c>layer.json</c>.</remarks>
public static class LayerFiles
{
    private const string Suffix = ".layer.json";
    private const string Newest = "layer.json";
    private static readonly string[] Compressions = [".tar.gz", ".tgz", ".tar"];

    /// <summary>The layer in <paramref name="archive"/> and what is said of it.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or the description beside it cannot be read.</exception>
    public static LayerFile At(string archive)
    {
        var path = Path.GetFullPath(archive);
        if (Directory.Exists(path)) throw new InvalidDataException($"'{archive}' is a folder; name the layer file in it.");
        if (!File.Exists(path)) throw new InvalidDataException($"There is no layer file '{archive}'; correct the path.");
        if (new FileInfo(path).Length == 0) throw new InvalidDataException($"The layer file '{archive}' is empty; no unit takes a layer of 0 bytes. Build it again.");
        var (folder, stem) = (Path.GetDirectoryName(path)!, StemOf(path));
        if (Read(Path.Combine(folder, stem + Suffix)) is { } own) return new(path, own);
        // The plain name is the description of the layer built last, which need not be this one.
        return new(path, Read(Path.Combine(folder, Newest)) is { } newest && StemOf(newest) == stem ? newest : null);
    }

    /// <summary>The layers of a deploy folder, of its <c>layers</c> folder, or of one layer's folder, ordered by path; or the one layer that a file is.</summary>
    /// <exception cref="InvalidDataException">There is none, or one is described and not there.</exception>
    public static IReadOnlyList<LayerFile> In(string fileOrFolder)
    {
        if (!Directory.Exists(fileOrFolder)) return [At(fileOrFolder)];
        var folder = Path.GetFullPath(fileOrFolder);
        var found = Directory.EnumerateFiles(folder, "*.json")
            .Concat(Directory.EnumerateDirectories(folder).SelectMany(inner => Directory.EnumerateFiles(inner, "*.json")))
            .Concat(Directory.Exists(Path.Combine(folder, "layers")) ? Directory.EnumerateDirectories(Path.Combine(folder, "layers")).SelectMany(inner => Directory.EnumerateFiles(inner, "*.json")) : [])
            .Where(file => Path.GetFileName(file) == Newest || file.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(Archive)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(At)
            .ToList();
        return found.Count > 0 ? found : throw new InvalidDataException($"No layer with a layer.json stands in '{fileOrFolder}', nor in the folders in it.");
    }

    /// <summary>The layer of this content, looked for where a build puts it beside <paramref name="child"/>; null when it is not there.</summary>
    public static LayerFile? Beside(LayerFile child, DiffId diffId)
    {
        var own = Path.GetDirectoryName(child.Archive)!;
        var places = Path.GetDirectoryName(own) is { } layers ? Directory.EnumerateDirectories(layers).Order(StringComparer.Ordinal).Prepend(own) : [own];
        foreach (var file in places.SelectMany(place => Directory.EnumerateFiles(place, "*.json")).Where(file => Path.GetFileName(file) == Newest || file.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            if (Read(file) is { } description && description.Archive.DiffId == diffId && File.Exists(Archive(file))) return new(Archive(file), description);
        }
        return null;
    }

    /// <summary>A document that stands beside an archive, by its own name or with the archive's stem before it; null when it is not there.</summary>
    internal static string? DocumentOf(string archive, string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\0') || name is "." or "..") return null;
        var folder = Path.GetDirectoryName(archive)!;
        return new[] { Path.Combine(folder, $"{StemOf(archive)}.{name}"), Path.Combine(folder, name) }.FirstOrDefault(File.Exists);
    }

    private static string Archive(string description)
    {
        var folder = Path.GetDirectoryName(description)!;
        var stem = Path.GetFileName(description) == Newest ? StemOf(Read(description)!) : Path.GetFileName(description)[..^Suffix.Length];
        return Compressions.Select(compression => Path.Combine(folder, stem + compression)).FirstOrDefault(File.Exists) ?? Path.Combine(folder, stem + Compressions[0]);
    }

    private static string StemOf(LayerDescription description) => $"{description.Platform.Stem}-{description.Version}";

    private static string StemOf(string archive) =>
        Path.GetFileName(archive) is var name && Array.Find(Compressions, c => name.EndsWith(c, StringComparison.Ordinal)) is { } compression ? name[..^compression.Length] : name;

    private static LayerDescription? Read(string file)
    {
        if (!File.Exists(file)) return null;
        if (new FileInfo(file).Length > LayerDescriptionJson.MaxBytes) throw new InvalidDataException($"{file} is longer than the {LayerDescriptionJson.MaxBytes} bytes that a layer.json may have.");
        try
        {
            return LayerDescriptionJson.Read(File.ReadAllBytes(file));
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{file} is no layer.json: {Quote.Short(broken.Message)}");
        }
    }
}
