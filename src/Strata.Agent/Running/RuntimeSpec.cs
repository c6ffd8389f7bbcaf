using System.Text.Json.Serialization;

namespace Strata.Agent.Running;

/// <summary>The part of an OCI runtime configuration that the agent fills.</summary>
/// <remarks>Source: OCI runtime-spec 1.0.2, config.md and config-linux.md.</remarks>
internal sealed record RuntimeSpec(string OciVersion, SpecProcess Process, SpecRoot Root, string Hostname, SpecMount[] Mounts, SpecLinux Linux);

/// <summary>The process. Capabilities are empty lists, never absent: absent would leave the runtime's own.</summary>
internal sealed record SpecProcess(
    bool Terminal, SpecUser User, string[] Args, string[] Env, string Cwd, SpecCapabilities Capabilities, bool NoNewPrivileges, SpecLimit[] Rlimits);

/// <summary>Who the process is.</summary>
internal sealed record SpecUser(int Uid, int Gid);

/// <summary>Capability sets.</summary>
internal sealed record SpecCapabilities(string[] Bounding, string[] Effective, string[] Inheritable, string[] Permitted, string[] Ambient)
{
    /// <summary>No capability at all.</summary>
    public static SpecCapabilities None { get; } = new([], [], [], [], []);
}

/// <summary>A resource limit of the process.</summary>
internal sealed record SpecLimit(string Type, ulong Soft, ulong Hard);

/// <summary>The root file system.</summary>
internal sealed record SpecRoot(string Path, [property: JsonPropertyName("readonly")] bool ReadOnly);

/// <summary>A mount inside the container.</summary>
internal sealed record SpecMount(string Destination, string Type, string Source, string[] Options);

/// <summary>What is particular to Linux.</summary>
internal sealed record SpecLinux(
    string CgroupsPath, SpecNamespace[] Namespaces, SpecResources Resources, string[] MaskedPaths, string[] ReadonlyPaths);

/// <summary>A namespace of the container's own.</summary>
internal sealed record SpecNamespace(string Type);

/// <summary>Limits kept by control groups.</summary>
internal sealed record SpecResources(SpecDeviceRule[] Devices, SpecPids Pids);

/// <summary>A rule on device access.</summary>
internal sealed record SpecDeviceRule(bool Allow, string Access);

/// <summary>Most processes.</summary>
internal sealed record SpecPids(long Limit);

/// <summary>JSON of the runtime configuration.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RuntimeSpec))]
internal sealed partial class RuntimeSpecJson : JsonSerializerContext;
