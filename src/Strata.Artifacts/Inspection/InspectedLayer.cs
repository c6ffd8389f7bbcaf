using Strata.Artifacts.Layers;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>A layer file and what is in it.</summary>
/// <param name="Digest">Of the file.</param>
/// <param name="DiffId">Of the tar inside.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="IsCompressed">The file is gzip; otherwise it is the tar itself.</param>
/// <param name="Form">Whether its bytes are those that its entries lead to.</param>
public sealed record InspectedLayer(Digest Digest, DiffId DiffId, long Size, bool IsCompressed, CanonicalForm Form, LayerInspection Content);
