using System.Text.Json;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Inspection;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Describing;

/// <summary>Writes what the hub is told of a base beside its target document. Publisher and hub derive the same from the same content.</summary>
public static class BaseDocuments
{
    /// <summary>Bytes of the largest document that the hub takes.</summary>
    public const long MaxBytes = 512L << 20;

    /// <summary>Names of the documents, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [ElfIndex.FileName, FileIndex.FileName];

    /// <summary>Writes one document.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="output">Not closed.</param>
    /// <param name="content">Inspected as <see cref="LayerDocuments.Inspection"/> says.</param>
    /// <returns>Its name, digest and size.</returns>
    public static SideDocument Write(string name, Stream output, LayerInspection content)
    {
        using var hashed = new HashingStream(output, leaveOpen: true);
        switch (name)
        {
            case ElfIndex.FileName: ElfIndex.Write(hashed, content.Binaries); break;
            case FileIndex.FileName: FileIndex.Write(hashed, content.Listing); break;
            default: throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such document.");
        }
        var whole = hashed.Current();
        return new(name, whole.Sha256, whole.Size);
    }

    /// <summary>Reads one document to its end.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="document">Not closed.</param>
    /// <exception cref="JsonException">It is none, or speaks of what is not in a base.</exception>
    public static async Task CheckAsync(string name, Stream document, CancellationToken cancellation)
    {
        var paths = name switch
        {
            ElfIndex.FileName => ElfIndex.ReadEachAsync(document, cancellation).Select(b => b.Path),
            FileIndex.FileName => FileIndex.ReadEachAsync(document, skip: 0, cancellation).Select(e => e.Path),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such document."),
        };
        await foreach (var path in paths)
        {
            cancellation.ThrowIfCancellationRequested();
            // The root's own path is empty.
            if (path.Length > 0 && path.Split('/').Any(part => part is "" or "." or "..")) throw new JsonException($"'{Quote.Short(path)}' is no path in a base; each is relative to its root, without '.' and '..'.");
        }
    }
}
