namespace Strata.Artifacts.Protocol;

/// <summary>What a unit has and runs. A full one holds every section; a delta only what changed.</summary>
/// <param name="IsDeltaInfo">A delta.</param>
public sealed record UnitStatus(
    bool IsDeltaInfo,
    UnitConfigStatus[]? UnitConfig = null,
    NodeStatus[]? Nodes = null,
    ItemStatus[]? Items = null,
    InstancesStatus[]? Instances = null,
    Identity[]? Subjects = null) : Message;

/// <summary>State of the unit configuration: absent, installed, failed.</summary>
public sealed record UnitConfigStatus(string State, string? Version = null, ErrorInfo? ErrorInfo = null);

/// <summary>A node of the unit.</summary>
/// <param name="State"><c>provisioned</c>, <c>paused</c> and so on.</param>
public sealed record NodeStatus(
    Identity Identity,
    Identity NodeGroupSubject,
    long MaxDmips,
    long TotalRam,
    OsInfo OsInfo,
    string State,
    bool IsConnected,
    CpuInfo[]? Cpus = null,
    Dictionary<string, string>? Attrs = null,
    PartitionInfo[]? Partitions = null,
    RuntimeInfo[]? Runtimes = null,
    ErrorInfo? ErrorInfo = null);

/// <summary>An operating system.</summary>
public sealed record OsInfo(string Os, string? Version = null, string[]? Features = null);

/// <summary>A processor.</summary>
public sealed record CpuInfo(string ModelName, int TotalNumCores, int TotalNumThreads, ArchInfo ArchInfo);

/// <summary>An architecture by OCI's name.</summary>
public sealed record ArchInfo(string Architecture, string? Variant = null);

/// <summary>A partition. Size in bytes.</summary>
public sealed record PartitionInfo(string Name, string[] Types, long TotalSize, string? Path = null);

/// <summary>Something that can run instances.</summary>
public sealed record RuntimeInfo(Identity Identity, string RuntimeType, ArchInfo ArchInfo, OsInfo OsInfo, int MaxInstances);

/// <summary>State of an item: downloading, pending, installed, removed, failed.</summary>
public sealed record ItemStatus(Identity Item, string Version, string State, ErrorInfo? ErrorInfo = null);

/// <summary>States of the instances of one item for one subject.</summary>
public sealed record InstancesStatus(Identity Item, Identity Subject, string Version, InstanceStatus[] Instances);

/// <summary>State of one instance: activating, active, inactive, failed.</summary>
public sealed record InstanceStatus(int Instance, string State, Identity? Node = null, Identity? Runtime = null, ErrorInfo? ErrorInfo = null);
