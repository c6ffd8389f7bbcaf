namespace Strata.Build.Recipes;

/// <summary>The base include file and the layer class of the contract, for use where no meta layer on the path brings its own.</summary>
/// <remarks>Source: docs of meta-aos as summed up in docs/formats/recipes.md; the texts are ours.</remarks>
internal static class BuiltInFiles
{
    /// <summary>Where <c>require</c> looks for the base include file.</summary>
    public const string BaseInclude = "recipes-aos-layers/aos-base-layer/aos-base-layer.inc";

    /// <summary>The class that the base include file inherits.</summary>
    public const string LayerClass = "layer-generator";

    /// <summary>What is set before a recipe is read, as openembedded-core's configuration does.</summary>
    public const string Defaults = """
        P = "${PN}-${PV}"
        BP = "${BPN}-${PV}"
        SUMMARY ?= "${PN} version ${PV}-${PR}"
        LICENSE ??= "INVALID"
        CLASSOVERRIDE ?= "class-target"
        OVERRIDES = "linux:pn-${PN}:${CLASSOVERRIDE}:libc-glibc:forcevariable"
        """;

    private const string BaseIncludeText = """
        # Every layer recipe requires this file, or its parent's recipe, which does.
        LICENSE ?= "MIT"
        AOS_BASE_IMAGE ??= "aos-image"
        inherit layer-generator
        """;

    private const string LayerClassText = """
        # Gives way to a class of this name on the path.
        AOS_PARENT_LAYER ??= "${AOS_BASE_IMAGE}"
        AOS_LAYER_FEATURES ??= ""
        AOS_LAYER_VERSION ??= "1.0.0"
        AOS_LAYER_WHITEOUTS ??= ""
        """;

    /// <summary>The text behind a <c>require</c>; null when it is not built in.</summary>
    public static RecipeFile? Include(string path) => path == BaseInclude ? new($"(built in)/{BaseInclude}", BaseIncludeText) : null;

    /// <summary>The text of a class; null when it is not built in.</summary>
    public static RecipeFile? Class(string name) => name == LayerClass ? new($"(built in)/classes/{LayerClass}.bbclass", LayerClassText) : null;
}

/// <summary>A file of recipe text.</summary>
/// <param name="Path">What messages call it, and what tells it from another in a cycle.</param>
internal sealed record RecipeFile(string Path, string Text)
{
    /// <summary>The folder beside which a relative <c>require</c> looks first.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder ? folder : ".";
}
