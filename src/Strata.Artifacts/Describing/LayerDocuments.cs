using Strata.Artifacts.Hashing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Sbom;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Describing;

/// <summary>Writes what stands beside <c>layer.json</c>: the ELF index, the list of its entries and both bills of materials. Builder and hub derive the same from the same content.</summary>
public static class LayerDocuments
{
    /// <summary>Names of the documents, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [ElfIndex.FileName, FileIndex.FileName, CycloneDxDocument.FileName, SpdxDocument.FileName];

    /// <summary>How a layer is inspected for all of this.</summary>
    /// <param name="spool">See <see cref="InspectionOptions.Spool"/>.</param>
    public static InspectionOptions Inspection(Func<Stream>? spool) => new() { Files = true, Symbols = true, Spool = spool };

    /// <summary>Writes one document.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="output">Not closed.</param>
    /// <param name="content">Inspected as <see cref="Inspection"/> says.</param>
    /// <returns>Its name, digest and size, for <see cref="LayerDescription.Documents"/>.</returns>
    public static SideDocument Write(string name, Stream output, LayerDescription about, LayerInspection content)
    {
        using var hashed = new HashingStream(output, leaveOpen: true);
        switch (name)
        {
            case ElfIndex.FileName: ElfIndex.Write(hashed, content.Binaries); break;
            case FileIndex.FileName: FileIndex.Write(hashed, content.Listing); break;
            case CycloneDxDocument.FileName: CycloneDxDocument.Write(hashed, about, content); break;
            case SpdxDocument.FileName: SpdxDocument.Write(hashed, about, content); break;
            default: throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such document.");
        }
        var whole = hashed.Current();
        return new(name, whole.Sha256, whole.Size);
    }
}
