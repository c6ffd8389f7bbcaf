using System.Text.Json.Serialization;
using Strata.Cli.Hub;

namespace Strata.Cli.Commands.Units;

/// <summary>Result of <c>unit assign</c>.</summary>
internal sealed record Assignment(string SystemUid, string Subject, string[] Services);

/// <summary>Result of <c>model show</c>.</summary>
/// <param name="Units">System ids of the units of it.</param>
internal sealed record ShownModel(UnitModelInfo Model, string[] Units);

/// <summary>JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UnitInfo[]))]
[JsonSerializable(typeof(Assignment))]
[JsonSerializable(typeof(Removed))]
[JsonSerializable(typeof(UnitModelInfo[]))]
[JsonSerializable(typeof(ShownModel))]
[JsonSerializable(typeof(SubjectInfo[]))]
internal sealed partial class UnitJson : JsonSerializerContext;
