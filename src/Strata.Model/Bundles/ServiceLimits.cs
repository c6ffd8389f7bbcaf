namespace Strata.Model.Bundles;

/// <summary>What a service may use at most; null is no limit of its own.</summary>
/// <remarks>Source: facts on AosEdge, d.2.</remarks>
public sealed record Quotas
{
    /// <summary>cpuLimit, in DMIPS.</summary>
    public long? Cpu { get; init; }

    /// <summary>ramLimit, bytes.</summary>
    public long? Ram { get; init; }

    /// <summary>storageLimit, bytes.</summary>
    public long? Storage { get; init; }

    /// <summary>stateLimit, bytes.</summary>
    public long? State { get; init; }

    /// <summary>tmpLimit, bytes.</summary>
    public long? Temporary { get; init; }

    /// <summary>uploadSpeed, bits a second.</summary>
    public long? UploadSpeed { get; init; }

    /// <summary>downloadSpeed, bits a second.</summary>
    public long? DownloadSpeed { get; init; }

    /// <summary>uploadLimit, bytes.</summary>
    public long? Upload { get; init; }

    /// <summary>downloadLimit, bytes.</summary>
    public long? Download { get; init; }

    /// <summary>noFileLimit, open files.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>pidsLimit, processes and threads.</summary>
    public long? Processes { get; init; }
}

/// <summary>What is kept free for a service; null keeps nothing.</summary>
/// <param name="Cpu">DMIPS.</param>
/// <param name="Ram">Bytes.</param>
/// <param name="Storage">Bytes.</param>
/// <param name="State">Bytes.</param>
public sealed record RequestedResources(long? Cpu, long? Ram, long? Storage, long? State);

/// <summary>When a service's use of something is reported.</summary>
/// <param name="Name"><c>ram</c>, <c>cpu</c>, <c>storage</c> (percent), <c>upload</c>, <c>download</c> (bits a second).</param>
/// <param name="MinimumTime">How long a threshold must be passed.</param>
/// <param name="Lower">Below it the alert ends.</param>
/// <param name="Upper">Above it the alert begins.</param>
public sealed record AlertRule(string Name, TimeSpan MinimumTime, double Lower, double Upper);

/// <summary>How a service is started again; null is the unit's default.</summary>
/// <param name="StartInterval">The time in which starts are counted.</param>
/// <param name="StartBurst">How many starts are allowed in it.</param>
/// <param name="RestartInterval">The pause before a start.</param>
public sealed record RunParameters(TimeSpan? StartInterval, int? StartBurst, TimeSpan? RestartInterval);
