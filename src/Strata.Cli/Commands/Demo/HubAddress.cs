using System.Text.Json.Serialization;

namespace Strata.Cli.Commands.Demo;

/// <summary>What a hub that is ready writes into <c>hub.json</c>.</summary>
internal sealed record HubAddress(string Api, string Discovery, string Portal, string SignIn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubAddress))]
internal sealed partial class HubAddressJson : JsonSerializerContext;
