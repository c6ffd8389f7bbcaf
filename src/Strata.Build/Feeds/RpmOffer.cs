namespace Strata.Build.Feeds;

/// <summary>What the folders of RPM packages offer to a target.</summary>
/// <param name="Repositories">The folders of the indexes that were made, in the order of the feeds.</param>
/// <param name="Names">Of packages that the target takes.</param>
/// <param name="LeftOut">Architectures that it does not take, by the names of packages that there are for them.</param>
/// <param name="Architectures">That it takes, the preferred one first.</param>
internal sealed record RpmOffer(IReadOnlyList<string> Repositories, IReadOnlySet<string> Names, ILookup<string, string> LeftOut, IReadOnlyList<string> Architectures)
{
    /// <summary>The file beside the indexes that lists each package's name and architecture.</summary>
    public const string ListName = "names";

    /// <summary>Reads what was made at <paramref name="place"/>.</summary>
    public static RpmOffer Read(string place, IReadOnlyList<PackageFeed> feeds, string oci)
    {
        var listed = File.ReadLines(Path.Combine(place, ListName)).Select(line => line.Split('\t', 2)).Where(words => words.Length == 2).ToList();
        bool IsTaken(string architecture) => feeds.Any(f => PackageArchitectures.Takes(f, oci, architecture));
        var architectures = listed.Select(words => words[1]).Distinct().Where(a => IsTaken(a) && !PackageArchitectures.IsIndependent(a));
        return new(
            [.. feeds.Select((_, number) => Path.Combine(place, $"{number}"))],
            listed.Where(words => IsTaken(words[1])).Select(words => words[0]).ToHashSet(StringComparer.Ordinal),
            listed.Where(words => !IsTaken(words[1])).ToLookup(words => words[0], words => words[1], StringComparer.Ordinal),
            [.. architectures.OrderByDescending(a => PackageArchitectures.Rank(feeds[0], a)).ThenBy(a => a, StringComparer.Ordinal)]);
    }

    /// <summary>The feed, and the path in it, of a package that dnf names by its address.</summary>
    public (int Feed, string Path) FileOf(string address)
    {
        var path = Uri.UnescapeDataString(address["file://".Length..]);
        for (var number = 0; number < Repositories.Count; number++)
        {
            if (path.StartsWith(Repositories[number] + "/", StringComparison.Ordinal) && path[(Repositories[number].Length + 1)..] is var inside && PackageLockJson.IsInside(inside))
                return (number, inside);
        }
        throw new InvalidDataException($"The feed's index leads to {Model.Identity.Quote.Short(address)}, which is not in the feed; make the index anew.");
    }
}
