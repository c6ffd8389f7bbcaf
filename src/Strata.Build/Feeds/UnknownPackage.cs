using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>What is said of a package that a feed does not have.</summary>
internal static class UnknownPackage
{
    /// <summary>Which one, in which feed, what is near to it, and what would cure it.</summary>
    /// <param name="known">All names that the feed has.</param>
    /// <param name="mapped">Recipe names that the target maps to those of the feed; the one that was meant may be among them.</param>
    /// <param name="others">Architectures for which the feed does have it, and which the target does not take.</param>
    public static string Sentence(PackageRequest request, string feed, IReadOnlyList<string> known, IReadOnlyList<string> mapped, IReadOnlyList<string> others)
    {
        var name = request.Written == request.Name ? $"'{Quote.Short(request.Name)}'" : $"'{Quote.Short(request.Written)}', that is '{Quote.Short(request.Name)}',";
        if (others.Count > 0)
            return $"package {name} is in the feed '{feed}' for {string.Join(", ", others.Distinct())} alone, which this target does not take; if it runs there, list its architectures under 'architectures' of the feed.";
        var near = NearestName.Few(request.Name, known.Concat(mapped).Distinct());
        return near.Count > 0
            ? $"package {name} is not in the feed '{feed}'; near to it are {string.Join(", ", near)}. Correct the recipe, or map the name under 'names' in the target file."
            : $"package {name} is not in the feed '{feed}', nor is anything like it; correct the recipe, or map the name under 'names' in the target file.";
    }
}
