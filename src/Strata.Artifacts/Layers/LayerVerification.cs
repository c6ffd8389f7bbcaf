using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Layers;

/// <summary>A layer file held to the description that stands beside it.</summary>
/// <param name="DiffId">Of the file as it is.</param>
/// <param name="Mismatches">In what file and description differ, a sentence each with both values; empty when they agree.</param>
/// <param name="Departures">In what the file is not of canonical form; that alone is no mismatch.</param>
public sealed record LayerVerification(Digest Digest, DiffId DiffId, EquatableList<string> Mismatches, EquatableList<string> Departures)
{
    private const int MostBinaries = 20;

    /// <summary>Reads the file once.</summary>
    /// <param name="file">At its start; read to its end, not closed.</param>
    /// <param name="spool">See <see cref="InspectionOptions.Spool"/>.</param>
    /// <exception cref="ArchiveRefusedException">It is no layer that a unit takes.</exception>
    public static async Task<LayerVerification> OfAsync(LayerDescription description, Stream file, Func<Stream>? spool, CancellationToken cancellation)
    {
        var found = await LayerInspector.InspectFileAsync(file, LayerDocuments.Inspection(spool), cancellation);
        return new(found.Digest, found.DiffId, [.. Mismatched(description, found)], found.Form.Departures);
    }

    private static IEnumerable<string> Mismatched(LayerDescription description, InspectedLayer found)
    {
        var said = description.Archive;
        if (said.Digest != found.Digest) yield return Differs("digest", said.Digest, found.Digest);
        if (said.DiffId != found.DiffId) yield return Differs("diff id", said.DiffId, found.DiffId);
        if (said.Size != found.Size) yield return Differs("size in bytes", said.Size, found.Size);
        if (said.UnpackedSize != found.Content.UnpackedSize) yield return Differs("unpacked size in bytes", said.UnpackedSize, found.Content.UnpackedSize);
        if (said.Entries != found.Content.Entries) yield return Differs("number of entries", said.Entries, found.Content.Entries);
        foreach (var architecture in found.Content.Architectures.Where(a => a != description.Platform.Architecture))
            yield return Differs("architecture", description.Platform.Architecture, architecture);
        foreach (var mismatch in Libraries(description.Libraries, found.Content.Libraries).Concat(Binaries(description.Binaries, found.Content)).Concat(Documents(description, found.Content))) yield return mismatch;
    }

    private static IEnumerable<string> Binaries(EquatableList<Binary> said, LayerInspection content)
    {
        var found = content.Binaries.Select(b => b.Describe()).ToList();
        foreach (var path in said.Except(found).Concat(found.Except(said)).Select(b => b.Path).Distinct().Order(StringComparer.Ordinal).Take(MostBinaries))
            yield return $"layer.json describes the ELF file '{Quote.Short(path)}' otherwise than the layer holds it.";
    }

    /// <summary>The documents beside follow from description and content alone, so that they can be written again.</summary>
    private static IEnumerable<string> Documents(LayerDescription description, LayerInspection content)
    {
        foreach (var said in description.Documents)
        {
            if (!LayerDocuments.Names.Contains(said.Name)) yield return $"layer.json names the document {Quote.Short(said.Name)}, which this release of Strata cannot derive.";
            else if (LayerDocuments.Write(said.Name, Stream.Null, description with { Documents = [] }, content) is var derived && derived != said)
                yield return Differs($"digest of {said.Name}, derived from the content", said.Digest, derived.Digest);
        }
    }

    private static IEnumerable<string> Libraries(EquatableList<Library> said, EquatableList<Library> found)
    {
        if (said.Equals(found)) yield break;
        foreach (var library in said.Except(found))
        {
            var same = found.Where(f => (f.Type, f.Name) == (library.Type, library.Name)).ToList();
            yield return same.Count == 0 ? $"layer.json names the {library.Type} library {Named(library)}, and the layer does not hold it."
                : same.Exists(f => f.Version == library.Version) ? $"layer.json describes the {library.Type} library {Named(library)} otherwise than the layer holds it: licence, files, package or sonames."
                : $"layer.json names the {library.Type} library {Named(library)}, and the layer holds {string.Join(", ", same.Select(s => Quote.Short(s.Version)))}.";
        }
        foreach (var library in found.Except(said).Where(f => !said.Any(s => (s.Type, s.Name) == (f.Type, f.Name))))
            yield return $"The layer holds the {library.Type} library {Named(library)}, and layer.json does not name it.";
        if (!said.Except(found).Any() && !found.Except(said).Any()) yield return "layer.json lists the libraries in another order than theirs, or one twice.";
    }

    private static string Named(Library library) => $"{Quote.Short(library.Name)} {Quote.Short(library.Version)}";

    private static string Differs<T>(string what, T said, T found) => $"The {what} is {found}, and layer.json says {said}.";
}
