using System.Text.Json.Serialization;
using Strata.Cli.Hub;

namespace Strata.Cli.Commands.Units;

/// <summary>Result of <c>unit assign</c>.</summary>
internal sealed record Assignment(string SystemUid, string Subject, string[] Services);

/// <summary>JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UnitInfo[]))]
[JsonSerializable(typeof(Assignment))]
internal sealed partial class UnitJson : JsonSerializerContext;
