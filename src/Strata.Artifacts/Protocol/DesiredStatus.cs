namespace Strata.Artifacts.Protocol;

/// <summary>The whole wanted state of a unit: what is not listed goes. A list that is absent is empty.</summary>
public sealed record DesiredStatus(
    ItemEntry[]? Items = null,
    InstancesEntry[]? Instances = null,
    SubjectEntry[]? Subjects = null,
    CertificateEntry[]? Certificates = null,
    CertificateChainEntry[]? CertificateChains = null) : Message
{
    /// <summary>Items to hold.</summary>
    public ItemEntry[] Items { get; init; } = Items ?? [];

    /// <summary>Instances to run.</summary>
    public InstancesEntry[] Instances { get; init; } = Instances ?? [];

    /// <summary>Subjects that the instances are for.</summary>
    public SubjectEntry[] Subjects { get; init; } = Subjects ?? [];

    /// <summary>Certificates that the chains name.</summary>
    public CertificateEntry[] Certificates { get; init; } = Certificates ?? [];

    /// <summary>Chains that blobs are signed under.</summary>
    public CertificateChainEntry[] CertificateChains { get; init; } = CertificateChains ?? [];
}

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
