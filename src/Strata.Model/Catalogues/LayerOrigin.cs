using Strata.Model.Identity;

namespace Strata.Model.Catalogues;

/// <summary>What brought a layer version first. It stays when the record of the bundle is deleted.</summary>
/// <param name="Bundle">Id of the bundle.</param>
/// <param name="BundleDigest">Its file.</param>
/// <param name="Kid">Issuer and serial of the certificate that signed it; null when nobody wrote it down.</param>
/// <param name="JudgedAt">When signature and chain were judged (decision 10).</param>
public sealed record LayerOrigin(Guid Bundle, Digest BundleDigest, string? Kid, DateTimeOffset JudgedAt);
