using Strata.Build.Feeds;

namespace Strata.Build.Installing;

/// <summary>Who installs the packages of a lock.</summary>
internal static class PackageInstallers
{
    /// <summary>The one for its format and mode.</summary>
    /// <param name="oci">The target's architecture by OCI's name.</param>
    public static IPackageInstaller For(PackageLock locked, PackagePool pool, string oci) => (locked.Feed, locked.Mode) switch
    {
        (FeedKind.Debian or FeedKind.Deb, FeedMode.Install) => new DebInstaller(pool, oci),
        (FeedKind.Debian or FeedKind.Deb or FeedKind.Ipk, FeedMode.Unpack) => new PackageUnpacker(pool),
        (FeedKind.Ipk, FeedMode.Install) => new IpkInstaller(pool, oci),
        (FeedKind.Rpm, _) => new RpmInstaller(pool, oci),
        _ => throw new NotSupportedException($"{locked.Feed} {locked.Mode}"),
    };
}
