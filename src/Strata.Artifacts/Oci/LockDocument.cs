using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Artifacts.Oci;

/// <summary>What was chosen for a service version: enough to compose the same image again (decision 3).</summary>
/// <param name="Service">Codename.</param>
/// <param name="Version">The service's version.</param>
/// <param name="Platforms">In ordinal order of the platform's text.</param>
public sealed record LockDocument(string Service, SemanticVersion Version, LockDocument.PlatformLock[] Platforms)
{
    /// <summary>The chosen layers for one platform, topmost first.</summary>
    public sealed record PlatformLock(Platform Platform, LayerLock[] Layers);

    /// <summary>One chosen layer.</summary>
    public sealed record LayerLock(string Owner, string Layer, SemanticVersion Version, Digest Digest, DiffId DiffId, long Size, string MediaType);

    /// <summary>The lock of a service version for the stacks found, one for each platform.</summary>
    public static LockDocument Of(string service, SemanticVersion version, IEnumerable<(Platform Platform, LayerStack Stack)> stacks) => new(
        service,
        version,
        [.. stacks.OrderBy(s => s.Platform.ToString(), StringComparer.Ordinal).Select(s => new PlatformLock(s.Platform, [.. s.Stack.Layers.Select(Of)]))]);

    private static LayerLock Of(ChosenLayer layer) => new(
        layer.Release.Layer.Owner, layer.Release.Layer.Codename, layer.Release.Version,
        layer.Image.Digest, layer.Image.DiffId, layer.Image.Size, layer.Image.MediaType);

    /// <summary>The canonical bytes: equal locks are equal bytes.</summary>
    public byte[] ToBytes() => CanonicalJson.Write(this, OciJson.Default.LockDocument);

    /// <summary>Digest of <see cref="ToBytes"/>; its first eight digits go on the wire (decision 7).</summary>
    [JsonIgnore]
    public Digest Digest => Digest.FromHash(SHA256.HashData(ToBytes()));
}
