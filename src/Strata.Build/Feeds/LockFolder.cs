using System.Text.Json;
using Strata.Build.Recipes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>Locks that were made before: <c>layers/NAME/packages.lock</c> in a deploy folder or in one of <c>layer vendor</c>. Nothing is solved anew.</summary>
/// <param name="folder">Full path.</param>
/// <param name="feed">What the target's feeds would pin; a lock of another kind is refused. Null for a target without feeds.</param>
internal sealed class LockFolder(string folder, PackageFeed? feed) : IPackageSolver
{
    // Thousands of packages fit.
    private const long MostBytes = 16 << 20;

    /// <summary>Where the lock of a layer stands in <paramref name="folder"/>.</summary>
    public static string FileOf(string folder, string layer) => Path.Combine(folder, "layers", layer, "packages.lock");

    /// <inheritdoc/>
    public async Task<FeedAnswer> ResolveAsync(PackageQuery query, CancellationToken cancellation)
    {
        var file = FileOf(folder, query.Layer);
        if (!File.Exists(file)) return Refuse(query.At, $"there is no lock for this layer: {file} is not there. Make one with 'strata layer vendor', or build without --locked and --vendor.");
        if (new FileInfo(file).Length > MostBytes) return Refuse(new(file, 0, 0), "it has more than 16 MiB, which no lock has; make it anew.");
        try
        {
            var locked = PackageLockJson.Read(await File.ReadAllBytesAsync(file, cancellation));
            var problems = Problems(locked, query).ToList();
            return problems.Count == 0 ? new FeedAnswer.Locked(locked) : new FeedAnswer.Refused([.. problems.Select(p => new RecipeMistake(new(file, 0, 0), p))]);
        }
        catch (JsonException problem)
        {
            return Refuse(new(file, (int)(problem.LineNumber + 1 ?? 0), (int)(problem.BytePositionInLine + 1 ?? 0)), $"this is no lock that can be used: {Quote.Short(problem.Message)} Make it anew.");
        }
    }

    private IEnumerable<string> Problems(PackageLock locked, PackageQuery query)
    {
        const string Cure = "resolve anew by building without --locked and --vendor, or use the lock with what it was made for.";
        if (locked.Requests != query.Names)
            yield return $"the recipe asks for {Words(query.Names)}, and the lock was made for {Words(locked.Requests)}; {Cure}";
        if (locked.Base is { } made && made != query.Base)
            yield return $"the lock was made for the base {made}, and the target's is {query.Base}; {Cure}";
        if (feed is null) yield break;
        if (feed.Mode != locked.Mode)
            yield return $"the lock was made for the mode '{Word(locked.Mode)}', and the target's feed has '{feed.ModeName}'; {Cure}";
        if (!locked.IsOfFormat(feed.Kind))
            yield return $"the lock was made from a feed of type '{Word(locked.Feed)}', and the target's is '{feed.KindName}'; {Cure}";
    }

    private static string Words(EquatableList<string> words) => words.Count == 0 ? "nothing" : Quote.Short(string.Join(' ', words));

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static FeedAnswer.Refused Refuse(SourcePosition at, string message) => new([new(at, message)]);
}
