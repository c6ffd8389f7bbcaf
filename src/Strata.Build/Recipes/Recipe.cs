using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>What a layer recipe says, all values expanded.</summary>
/// <remarks>Source: the seed, "Create Layer recipe"; docs/formats/recipes.md.</remarks>
public sealed record Recipe
{
    /// <summary>The file it was read from.</summary>
    public required string File { get; init; }

    /// <summary>PN: the recipe's name, from the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>PV: from the file's name, <c>1.0</c> when that has none.</summary>
    public required string Version { get; init; }

    /// <summary>SUMMARY.</summary>
    public string Summary { get; init; } = "";

    /// <summary>LICENSE.</summary>
    public string License { get; init; } = "";

    /// <summary>AOS_BASE_IMAGE: the image that the base root file system comes from.</summary>
    public string BaseImage { get; init; } = "";

    /// <summary>AOS_PARENT_LAYER: the recipe of the layer beneath; the base image when there is none.</summary>
    public string ParentLayer { get; init; } = "";

    /// <summary>AOS_LAYER_VERSION.</summary>
    public string LayerVersion { get; init; } = "";

    /// <summary>AOS_LAYER_FEATURES: packages to bring, the parent's among them, in the order written.</summary>
    public EquatableList<string> Features { get; init; } = [];

    /// <summary>AOS_LAYER_WHITEOUTS: paths to hide; <c>/a/b/*</c> hides what is in a folder.</summary>
    public EquatableList<string> Whiteouts { get; init; } = [];

    /// <summary>Things that were passed over, such as a class that is nowhere to be had.</summary>
    public EquatableList<RecipeMistake> Notes { get; init; } = [];

    /// <summary>Where each value came from, in the order of <see cref="RecipeVariables.Names"/>.</summary>
    public EquatableList<RecipeTrace> Trace { get; init; } = [];

    /// <summary>Where a word of a value was written, such as <c>AOS_LAYER_FEATURES</c>, <c>python3-yaml</c>; the file when it is not found.</summary>
    public SourcePosition Where(string variable, string word)
    {
        foreach (var step in StepsOf(variable).Reverse())
        {
            if (WordAt(step.Text, word) is >= 0 and var offset) return step.TextAt(offset);
        }
        return StepsOf(variable) is [.., var last] ? last.At : new(File, 0, 0);
    }

    /// <summary>The layer stands on another one, not on the base image.</summary>
    public bool HasParentLayer => ParentLayer.Length > 0 && ParentLayer != BaseImage;

    /// <summary>The layer's name inside its owner: the recipe's without a leading <c>aos-</c> and a trailing <c>-layer</c>.</summary>
    public string Codename
    {
        get
        {
            var name = Name.StartsWith("aos-", StringComparison.Ordinal) ? Name[4..] : Name;
            name = name.EndsWith("-layer", StringComparison.Ordinal) ? name[..^6] : name;
            return name.Length > 0 ? name : Name;
        }
    }

    internal EquatableList<IncludedFile> Included { get; init; } = [];

    internal EquatableList<LostStep> Lost { get; init; } = [];

    /// <summary>The statements that made the value of a variable, without those of the variables it refers to.</summary>
    internal IReadOnlyList<RecipeStep> StepsOf(string variable) =>
        [.. (Trace.FirstOrDefault(t => t.Variable == variable)?.Steps ?? []).Where(s => s.Variable.Split(':', '[')[0] == variable)];

    private static int WordAt(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || char.IsWhiteSpace(text[at - 1])) && (end == text.Length || char.IsWhiteSpace(text[end]))) return at;
        }
        return -1;
    }
}
