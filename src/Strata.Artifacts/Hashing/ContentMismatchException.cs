namespace Strata.Artifacts.Hashing;

/// <summary>The content is not what its descriptor says. Retrying the same source will not help.</summary>
public sealed class ContentMismatchException(string message) : IOException(message);

/// <summary>The content is longer than its reader allows. Retrying the same source will not help.</summary>
/// <param name="limit">What was allowed, in bytes.</param>
public sealed class ContentTooLargeException(string message, long limit) : IOException(message)
{
    /// <summary>What was allowed, in bytes.</summary>
    public long Limit { get; } = limit;
}
