using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>What is in a layer, derived from its content alone.</summary>
/// <param name="Libraries">Ordered by type, name, version.</param>
/// <param name="Architectures">OCI's names for the machines that its shared objects are for, in ordinal order; more than one is a mistake of its maker.</param>
/// <param name="Entries">Number of entries in the tar.</param>
/// <param name="UnpackedSize">Sum of the sizes of its regular files, in bytes.</param>
public sealed record LayerInspection(EquatableList<Library> Libraries, EquatableList<string> Architectures, int Entries, long UnpackedSize);

/// <summary>A layer file and what is in it.</summary>
/// <param name="Digest">Of the file.</param>
/// <param name="DiffId">Of the tar inside.</param>
/// <param name="Size">Bytes of the file.</param>
public sealed record InspectedLayer(Digest Digest, DiffId DiffId, long Size, LayerInspection Content);
