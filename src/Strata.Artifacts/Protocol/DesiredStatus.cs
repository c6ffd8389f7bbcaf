namespace Strata.Artifacts.Protocol;

/// <summary>The whole wanted state of a unit: what is not listed goes.</summary>
public sealed record DesiredStatus(
    ItemEntry[] Items,
    InstancesEntry[] Instances,
    SubjectEntry[] Subjects,
    CertificateEntry[] Certificates,
    CertificateChainEntry[] CertificateChains) : Message;

/// <summary>An item to hold.</summary>
/// <param name="Item">id and type.</param>
/// <param name="Version">At most 32 characters; compared for equality only.</param>
/// <param name="Owner">id.</param>
/// <param name="IndexDigest">Of the OCI index.</param>
public sealed record ItemEntry(Identity Item, string Version, Identity Owner, string IndexDigest);

/// <summary>Instances to run.</summary>
public sealed record InstancesEntry(Identity Item, Identity Subject, int Priority, int NumInstances, string[]? Labels = null);

/// <summary>A subject of the unit.</summary>
/// <param name="Type"><c>group</c> or <c>user</c>.</param>
/// <param name="IsReportedFromUnit">Instances run only while the unit reports the subject.</param>
public sealed record SubjectEntry(Identity Identity, string Type, bool IsReportedFromUnit);

/// <summary>A certificate that blobs are signed under.</summary>
/// <param name="Certificate">Base64 of DER.</param>
/// <param name="Fingerprint">SHA-256 in upper-case hex.</param>
public sealed record CertificateEntry(string Certificate, string Fingerprint);

/// <summary>A chain, leaf first, without the root.</summary>
public sealed record CertificateChainEntry(string Name, string[] Fingerprints);
