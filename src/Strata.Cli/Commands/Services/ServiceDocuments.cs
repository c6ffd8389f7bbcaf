using System.Text.Json.Serialization;
using Strata.Cli.Commands.Units;
using Strata.Cli.Hub;

namespace Strata.Cli.Commands.Services;

/// <summary>Result of <c>service upload</c>.</summary>
internal sealed record ServiceUpload(string Bundle, UploadedService[] Services);

/// <summary>One service of the bundle with the layers chosen for it.</summary>
internal sealed record UploadedService(string Id, string Codename, string Version, ResolvedInfo[] Resolved);

/// <summary>Result of <c>resolve</c>: one service on one platform.</summary>
/// <param name="CatalogueSequence">The snapshot it was made from.</param>
/// <param name="Layers">Topmost first.</param>
internal sealed record ResolvedService(string Service, string Oem, string Platform, long CatalogueSequence, LayerReference[] Layers, string[] Reasons);

/// <summary>JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceUpload))]
[JsonSerializable(typeof(ResolvedService[]))]
[JsonSerializable(typeof(ServiceInfo[]))]
[JsonSerializable(typeof(ServiceVersionInfo[]))]
[JsonSerializable(typeof(Removed))]
internal sealed partial class ServiceJson : JsonSerializerContext;
