using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Artifacts.Oci;

/// <summary>Names content: type, digest, size in bytes. Source: OCI image-spec 1.1, descriptor.md.</summary>
public sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>In an index: what the manifest is for.</summary>
    public Platform? Platform { get; init; }
}

/// <summary>An image index. Source: OCI image-spec 1.1, image-index.md.</summary>
public sealed record ImageIndex(int SchemaVersion, string MediaType, Descriptor[] Manifests);

/// <summary>An image manifest with AosCore's extra descriptor. Source: OCI image-spec 1.1, manifest.md; facts on AosCore 9.1, section 6.</summary>
public sealed record ImageManifest(int SchemaVersion, string MediaType, Descriptor Config, Descriptor[] Layers)
{
    /// <summary>The Aos item configuration: AosCore fails an instance without it.</summary>
    public Descriptor? AosItemConfig { get; init; }
}

/// <summary>An image configuration. Source: OCI image-spec 1.1, config.md.</summary>
public sealed record ImageConfig(string Architecture, string Os, ImageProcess Config, ImageRootfs Rootfs)
{
    /// <summary>CPU variant.</summary>
    public string? Variant { get; init; }
}

/// <summary>The process part of an image configuration; its keys are capitalised in the specification.</summary>
public sealed record ImageProcess(
    [property: JsonPropertyName("Entrypoint")] string[] Entrypoint,
    [property: JsonPropertyName("Cmd")] string[]? Cmd = null,
    [property: JsonPropertyName("Env")] string[]? Env = null,
    [property: JsonPropertyName("WorkingDir")] string? WorkingDir = null);

/// <summary>The layers' content. In AosCore's order the first is the top (decision 6).</summary>
public sealed record ImageRootfs(string Type, [property: JsonPropertyName("diff_ids")] DiffId[] DiffIds);

/// <summary>The part of the Aos item configuration that is filled so far. Source: facts on AosCore 9.1, section 6.</summary>
/// <param name="Runtimes">Which runtimes may run it; empty means crun and runc.</param>
public sealed record AosItemConfig(AosRuntime[] Runtimes, bool SkipResourceLimits = false);

/// <summary>A runtime by codename.</summary>
public sealed record AosRuntime(string Codename);

/// <summary>JSON of the OCI documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(SemanticVersionConverter), typeof(PlatformConverter)])]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(AosItemConfig))]
[JsonSerializable(typeof(LockDocument))]
public sealed partial class OciJson : JsonSerializerContext;
