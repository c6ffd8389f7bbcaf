using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Artifacts.Json;

/// <summary>An enum as its name in camelCase.</summary>
public sealed class LowerCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
