using Strata.Build.Recipes;

namespace Strata.Build.Feeds;

/// <summary>A package that a recipe asks for.</summary>
/// <param name="Written">As the recipe has it, <c>python3-pyyaml</c>.</param>
/// <param name="Name">As the feed has it, <c>python3-yaml</c>.</param>
/// <param name="At">Where the recipe has it.</param>
public sealed record PackageRequest(string Written, string Name, SourcePosition At);

/// <summary>What asking a feed came to. There are two cases and no third.</summary>
public abstract record FeedAnswer
{
    private FeedAnswer() { }

    /// <summary>These packages and no others have to be added.</summary>
    public sealed record Locked(PackageLock Lock) : FeedAnswer;

    /// <summary>The feed does not have it all, or it does not fit together; every mistake is listed.</summary>
    public sealed record Refused(IReadOnlyList<RecipeMistake> Mistakes) : FeedAnswer;
}

/// <summary>The feed was not reached. Trying again later may help; changing the recipe will not.</summary>
public sealed class FeedUnavailableException(string message) : IOException(message);
