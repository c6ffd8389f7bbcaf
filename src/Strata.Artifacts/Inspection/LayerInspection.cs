using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>What is in a layer, derived from its content alone.</summary>
/// <param name="Libraries">Ordered by type, name, version.</param>
/// <param name="Architectures">OCI's names for the machines that its programs and shared objects are for, in ordinal order; more than one is a mistake of its maker.</param>
/// <param name="Entries">Number of entries in the tar.</param>
/// <param name="UnpackedSize">Sum of the sizes of its regular files, in bytes.</param>
public sealed record LayerInspection(EquatableList<Library> Libraries, EquatableList<string> Architectures, int Entries, long UnpackedSize)
{
    /// <summary>The libraries with their files, in the order of <see cref="Libraries"/>.</summary>
    public EquatableList<FoundLibrary> Found { get; init; } = [];

    /// <summary>Every ELF file, ordered by path.</summary>
    public EquatableList<FoundBinary> Binaries { get; init; } = [];

    /// <summary>Every regular file, ordered by path; empty unless <see cref="InspectionOptions.Files"/> asked for them.</summary>
    public EquatableList<FileRecord> Files { get; init; } = [];

    /// <summary>Every entry, in the order of paths; empty unless <see cref="InspectionOptions.Files"/> asked for them.</summary>
    public EquatableList<FoundEntry> Listing { get; init; } = [];

    /// <summary>File names under which the loader would find shared objects of this layer: files and links called <c>*.so*</c>, and sonames.</summary>
    public IReadOnlySet<string> Providers { get; init; } = new HashSet<string>();

    /// <summary>Newest time of change of an entry, in seconds since 1970; 0 for a layer without entries.</summary>
    public long LatestTime { get; init; }

    /// <summary>What the layer's own os-release file calls the version of the system, see <see cref="OsRelease.Versions"/>; empty when it brings none.</summary>
    public EquatableList<string> OsVersions { get; init; } = [];

    /// <summary>What the entries alone show: rules that need no knowledge of what the layer stands on. Ordered by rule and path.</summary>
    public EquatableList<LayerFinding> Findings { get; init; } = [];
}
