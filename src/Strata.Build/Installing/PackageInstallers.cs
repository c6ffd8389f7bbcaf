using Strata.Build.Feeds;

namespace Strata.Build.Installing;

/// <summary>Who installs the packages of a lock.</summary>
internal static class PackageInstallers
{
    /// <summary>The one for its format and mode.</summary>
    public static IPackageInstaller For(PackageLock locked, PackagePool pool) => (locked.Feed, locked.Mode) switch
    {
        (FeedKind.Debian or FeedKind.Deb, FeedMode.Install) => new DebInstaller(pool),
        (FeedKind.Debian or FeedKind.Deb or FeedKind.Ipk, FeedMode.Unpack) => new PackageUnpacker(pool),
        (FeedKind.Ipk, FeedMode.Install) => new IpkInstaller(pool),
        (FeedKind.Rpm, _) => new RpmInstaller(pool),
        _ => throw new NotSupportedException($"{locked.Feed} {locked.Mode}"),
    };
}
