using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>What package managers call the architectures that a target knows by OCI's names.</summary>
/// <remarks>Source: Debian policy 5.6.8; openembedded-core, PACKAGE_ARCHS of the tunes.</remarks>
internal static class PackageArchitectures
{
    /// <summary>For packages that run anywhere.</summary>
    public const string All = "all";

    private static readonly string[] Independent = [All, "noarch", "any", "allarch"];

    // What names of Yocto's tunes begin with, their underscores written as hyphens.
    private static readonly Dictionary<string, string[]> Tunes = new(StringComparer.Ordinal)
    {
        ["amd64"] = ["x86-64", "amd64", "core2-64", "corei7-64", "atom-64", "skylake-64", "genericx86-64", "qemux86-64", "intel-corei7-64"],
        ["386"] = ["i386", "i486", "i586", "i686", "x86", "core2-32", "corei7-32", "qemux86"],
        ["arm64"] = ["aarch64", "arm64", "armv8a", "armv8-2a", "armv8-4a", "armv9a", "cortexa34", "cortexa35", "cortexa53", "cortexa55", "cortexa57", "cortexa65", "cortexa72", "cortexa73", "cortexa75", "cortexa76", "cortexa77", "cortexa78", "neoverse", "qemuarm64", "genericarm64"],
        ["arm"] = ["armhf", "armv7ahf", "armv7at2hf", "armv7vehf", "armv7vet2hf", "cortexa5hf", "cortexa7hf", "cortexa7t2hf", "cortexa8hf", "cortexa8t2hf", "cortexa9hf", "cortexa9t2hf", "cortexa15hf", "cortexa15t2hf", "cortexa17hf", "qemuarm"],
        ["riscv64"] = ["riscv64", "rv64", "qemuriscv64"],
    };

    /// <summary>dpkg's name for an OCI architecture.</summary>
    public static string Debian(string oci) => oci switch
    {
        "arm" => "armhf",
        "386" => "i386",
        _ => oci,
    };

    /// <summary>rpm's name for an OCI architecture.</summary>
    public static string Rpm(string oci) => oci switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        "arm" => "armv7hl",
        "386" => "i686",
        _ => oci,
    };

    /// <summary>Whether packages of an architecture run on a target: what the feed lists, or what is usual when it lists nothing.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="oci">The target's architecture.</param>
    /// <param name="package">The package's, in its own words.</param>
    public static bool Takes(PackageFeed feed, string oci, string package)
    {
        if (feed.Architectures.Count > 0) return feed.Architectures.Any(a => Same(a, package));
        if (Independent.Contains(package)) return true;
        if (feed.Kind is FeedKind.Debian or FeedKind.Deb) return package == Debian(oci);
        var name = package.Replace('_', '-');
        return Tunes.GetValueOrDefault(oci, [oci]).Any(tune => name == tune || (name.StartsWith(tune + "-", StringComparison.Ordinal) && !name.StartsWith(tune + "-64", StringComparison.Ordinal)));
    }

    /// <summary>Place of a package's architecture among those of its feed; the later one wins when two packages are equal.</summary>
    public static int Rank(PackageFeed feed, string package) =>
        feed.Architectures.Count > 0 ? feed.Architectures.ToList().FindIndex(a => Same(a, package)) : Independent.Contains(package) ? 0 : 1;

    /// <summary>Whether packages of this architecture hold nothing for one machine alone.</summary>
    public static bool IsIndependent(string package) => Independent.Contains(package);

    // Yocto writes core2-64 for a tune, and core2_64 for it in an RPM.
    private static bool Same(string one, string other) => one.Replace('_', '-') == other.Replace('_', '-');
}
