using Strata.Model.Identity;

namespace Strata.Model.Bundles;

/// <summary>A service item's configuration: how it runs, what it may use, what it is warned of.</summary>
/// <remarks>Null is "the file does not say". Sizes are bytes, speeds bits a second. Source: facts on AosEdge, d.2.</remarks>
public sealed record ServiceSettings
{
    /// <summary>cmd, split by shell words at composition; null when the item gives none.</summary>
    public string? Command { get; init; }

    /// <summary>workingDir.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>env, <c>KEY=value</c>.</summary>
    public EquatableList<string> Environment { get; init; } = [];

    /// <summary>instances.minInstances, 1 to 64.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>instances.priority, 0 to 999,999.</summary>
    public int Priority { get; init; }

    /// <summary>instances.labels: what a node must have.</summary>
    public EquatableList<string> Labels { get; init; } = [];

    /// <summary>skipResourceLimits; only a pre-release may.</summary>
    public bool SkipResourceLimits { get; init; }

    /// <summary>balancingPolicy: whether instances may be moved between nodes.</summary>
    public bool IsBalanced { get; init; } = true;

    /// <summary>baseLayerIsNodeRootfs: whether the node's own root file system lies beneath.</summary>
    public bool BaseLayerIsNodeRootfs { get; init; } = true;

    /// <summary>hostname, without the service provider's domain.</summary>
    public string? HostName { get; init; }

    /// <summary>exposedPorts.</summary>
    public EquatableList<PortRange> ExposedPorts { get; init; } = [];

    /// <summary>allowedConnections.</summary>
    public EquatableList<AllowedConnection> AllowedConnections { get; init; } = [];

    /// <summary>runtimes (or runner, runners), by codename in the order of preference; empty is runc or crun.</summary>
    public EquatableList<string> Runtimes { get; init; } = [];

    /// <summary>runParameters.</summary>
    public RunParameters? RunParameters { get; init; }

    /// <summary>offlineTTL: how long an offline unit may run it; null is for ever.</summary>
    public TimeSpan? OfflineTimeToLive { get; init; }

    /// <summary>downloadTTL: how long a unit may try to fetch it or a layer of it; null is for ever.</summary>
    public TimeSpan? DownloadTimeToLive { get; init; }

    /// <summary>resources and devices.</summary>
    public EquatableList<GrantedResource> Resources { get; init; } = [];

    /// <summary>quotas: what it may use at most.</summary>
    public Quotas? Quotas { get; init; }

    /// <summary>requestedResources: what is kept free for it.</summary>
    public RequestedResources? Requested { get; init; }

    /// <summary>alertRules, in the order of their names.</summary>
    public EquatableList<AlertRule> AlertRules { get; init; } = [];

    /// <summary>permissions, in the order of server and path.</summary>
    public EquatableList<ServicePermission> Permissions { get; init; } = [];

    /// <summary>state: the file that is kept from run to run.</summary>
    public StateFile? State { get; init; }

    /// <summary>sysctl, in the order of names.</summary>
    public EquatableList<KernelParameter> KernelParameters { get; init; } = [];
}
