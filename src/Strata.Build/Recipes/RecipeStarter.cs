using System.Text.RegularExpressions;
using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>The text of a new recipe.</summary>
public static partial class RecipeStarter
{
    /// <summary>Where the recipe called <paramref name="name"/> stands in its meta layer.</summary>
    public static string PathOf(string name) => $"recipes-aos-layers/{name}/{name}.bb";

    /// <summary>Why <paramref name="name"/> cannot be a recipe's name; null when it can.</summary>
    public static string? Complaint(string name)
    {
        if (!Name().IsMatch(name)) return $"'{Quote.Short(name)}' is no recipe name; use small letters, digits, '-', '+' and '.', and begin with a letter or digit.";
        return name.Length <= 100 ? null : "A recipe's name has at most 100 characters.";
    }

    /// <summary>A recipe with every variable that a layer needs. A parent's recipe is required before the values, for the last assignment counts.</summary>
    public static string Text(string name, string? parent) => parent is null
        ? $"""
          require {BuiltInFiles.BaseInclude}

          SUMMARY = "What {name} brings, in one line"

          # Its own version, by semantic versioning: raise it with every change.
          AOS_LAYER_VERSION = "1.0.0"

          # Packages, by their Yocto names, one a line.
          AOS_LAYER_FEATURES += " \
          "

          """.ReplaceLineEndings("\n")
        : $"""
          # The layer lies on {parent} and brings only what that lacks.
          AOS_PARENT_LAYER = "{parent}"

          require {PathOf(parent)}

          # Below the require: the parent's recipe sets these as well, and the last assignment counts.
          SUMMARY = "What {name} brings, in one line"

          # Its own version, by semantic versioning: raise it with every change.
          AOS_LAYER_VERSION = "1.0.0"

          # Packages, by their Yocto names, one a line; the parent's are there already.
          AOS_LAYER_FEATURES += " \
          "

          """.ReplaceLineEndings("\n");

    // An underscore would begin the version; capitals and blanks cannot be an override.
    [GeneratedRegex("^[a-z0-9][a-z0-9.+-]*$")]
    private static partial Regex Name();
}
