using System.Text.Json.Serialization;
using Strata.Build.Recipes;

namespace Strata.Cli.Commands.Recipes;

/// <summary>The values that <c>recipe show</c> gives, under the names that BitBake has for them.</summary>
internal sealed record RecipeDocument(
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
    /// <summary>With <c>--trace</c>: for each variable the statements that took part in its value, in the order in which they act.</summary>
    [JsonPropertyName("trace")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<StepDocument>>? Trace { get; init; }

    public static RecipeDocument Of(Recipe recipe, bool trace) => new(
        recipe.Name, recipe.Version, recipe.Summary, recipe.License, recipe.BaseImage,
        recipe.ParentLayer, recipe.LayerVersion, recipe.Features, recipe.Whiteouts)
    {
        Trace = trace
            ? recipe.Trace.ToDictionary(t => t.Variable, IReadOnlyList<StepDocument> (t) => [.. t.Steps.Select(StepDocument.Of)], StringComparer.Ordinal)
            : null,
    };

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

/// <summary>One statement that took part in a value.</summary>
/// <param name="Line">From 1; 0 for the command line.</param>
/// <param name="From">The lines that led to its file, <c>file:line:column</c>, outermost first.</param>
internal sealed record StepDocument(
    [property: JsonPropertyName("variable")] string Variable,
    [property: JsonPropertyName("operator")] string Operator,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("line")] int Line,
    [property: JsonPropertyName("column")] int Column,
    [property: JsonPropertyName("from")] IReadOnlyList<string> From)
{
    public static StepDocument Of(RecipeStep step) =>
        new(step.Variable, step.Operator, step.Text, step.At.File, step.At.Line, step.At.Column, [.. step.Chain.Select(at => at.ToString())]);
}

/// <summary>What <c>recipe check</c> found.</summary>
internal sealed record CheckDocument([property: JsonPropertyName("findings")] IReadOnlyList<FindingDocument> Findings);

/// <summary>One finding.</summary>
internal sealed record FindingDocument(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("line")] int Line,
    [property: JsonPropertyName("column")] int Column,
    [property: JsonPropertyName("severity")] string Severity,
    [property: JsonPropertyName("rule")] string Rule,
    [property: JsonPropertyName("message")] string Message);

/// <summary>What <c>recipe new</c> wrote.</summary>
internal sealed record NewRecipeDocument([property: JsonPropertyName("file")] string File);

/// <summary>JSON of this area.</summary>
[JsonSerializable(typeof(RecipeDocument))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(NewRecipeDocument))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class RecipeJson : JsonSerializerContext;
