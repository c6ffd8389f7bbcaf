using System.Text.Json.Serialization;

namespace Strata.Artifacts.Protocol;

/// <summary>JSON of protocol v7: camelCase out, any case in, absent for null, unknown fields passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DiscoveryRequest))]
[JsonSerializable(typeof(DiscoveryResponse))]
[JsonSerializable(typeof(MessageHeader))]
[JsonSerializable(typeof(Nack))]
[JsonSerializable(typeof(UnitStatus))]
[JsonSerializable(typeof(DesiredStatus))]
[JsonSerializable(typeof(RequestBlobUrls))]
[JsonSerializable(typeof(BlobUrls))]
[JsonSerializable(typeof(Alerts))]
public sealed partial class ProtocolJson : JsonSerializerContext;
