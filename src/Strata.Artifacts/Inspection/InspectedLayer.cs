using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>A layer file and what is in it.</summary>
/// <param name="Digest">Of the file.</param>
/// <param name="DiffId">Of the tar inside.</param>
/// <param name="Size">Bytes of the file.</param>
public sealed record InspectedLayer(Digest Digest, DiffId DiffId, long Size, LayerInspection Content);
