using System.Text.Json.Serialization;
using Strata.Build.Recipes;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Recipes;

/// <summary>The values that <c>recipe show</c> gives, under the names that BitBake has for them.</summary>
internal sealed record RecipeValues(
    [property: JsonPropertyName("PN")] string Name,
    [property: JsonPropertyName("PV")] string Version,
    [property: JsonPropertyName("SUMMARY")] string Summary,
    [property: JsonPropertyName("LICENSE")] string License,
    [property: JsonPropertyName("AOS_BASE_IMAGE")] string BaseImage,
    [property: JsonPropertyName("AOS_PARENT_LAYER")] string ParentLayer,
    [property: JsonPropertyName("AOS_LAYER_VERSION")] string LayerVersion,
    [property: JsonPropertyName("AOS_LAYER_FEATURES")] IReadOnlyList<string> Features,
    [property: JsonPropertyName("AOS_LAYER_WHITEOUTS")] IReadOnlyList<string> Whiteouts)
{
    public static RecipeValues Of(Recipe recipe) => new(
        recipe.Name, recipe.Version, recipe.Summary, recipe.License, recipe.BaseImage,
        recipe.ParentLayer, recipe.LayerVersion, recipe.Features, recipe.Whiteouts);

    public IEnumerable<(string Name, string Value)> Rows() =>
    [
        ("PN", Name),
        ("PV", Version),
        ("SUMMARY", Summary),
        ("LICENSE", License),
        ("AOS_BASE_IMAGE", BaseImage),
        ("AOS_PARENT_LAYER", ParentLayer),
        ("AOS_LAYER_VERSION", LayerVersion),
        ("AOS_LAYER_FEATURES", string.Join(' ', Features)),
        ("AOS_LAYER_WHITEOUTS", string.Join(' ', Whiteouts)),
    ];
}

/// <summary>JSON of this area.</summary>
[JsonSerializable(typeof(RecipeValues))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class RecipeJson : JsonSerializerContext;

/// <summary>How a refused recipe ends a command.</summary>
internal static class RecipeRefusal
{
    /// <summary>The recipe, or the end of the command with every mistake on a line of its own.</summary>
    public static RecipeReading.Read OrRefuse(this RecipeReading reading) => reading switch
    {
        RecipeReading.Read read => read,
        RecipeReading.Refused refused => throw new CommandFailure(ExitCode.Refused, string.Join('\n', refused.Mistakes)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
