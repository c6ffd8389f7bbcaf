using System.Text;

namespace Strata.Artifacts.Inspection;

/// <summary>Writes package URLs.</summary>
/// <remarks>Source: purl-spec, "How to build purl string from its components", and its definitions of <c>deb</c>, <c>rpm</c>, <c>pypi</c>, <c>npm</c> and <c>generic</c>.</remarks>
internal static class PackageUrl
{
    /// <summary>A package of the system. opkg has no type of its own in purl-spec, so such a package is <c>generic</c>.</summary>
    public static string Of(InstalledPackage package) => package.Type switch
    {
        "rpm" => Of("rpm", Vendor(package.Vendor), package.Name, package.Version, [("arch", package.Architecture), ("epoch", package.Epoch)]),
        "opkg" => Of("generic", null, package.Name, package.Version, [("arch", package.Architecture)]),
        _ => Of("deb", "debian", package.Name.ToLowerInvariant(), package.Version, [("arch", package.Architecture)]),
    };

    /// <summary>A Python distribution; names that differ in case, dot, dash and underscore are one.</summary>
    public static string Python(string name, string version) => Of("pypi", null, name.ToLowerInvariant().Replace('_', '-'), version, []);

    /// <summary>A Node package, <c>left-pad</c> or <c>@scope/name</c>.</summary>
    public static string Node(string name, string version) => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        ? Of("npm", name[..slash].ToLowerInvariant(), name[(slash + 1)..].ToLowerInvariant(), version, [])
        : Of("npm", null, name.ToLowerInvariant(), version, []);

    /// <summary>A layer of ours.</summary>
    public static string Layer(string name, string version, string architecture) => Of("generic", null, name, version, [("arch", architecture)]);

    private static string Of(string type, string? place, string name, string version, ReadOnlySpan<(string Key, string? Value)> qualifiers)
    {
        var url = new StringBuilder("pkg:").Append(type).Append('/');
        if (place is { Length: > 0 }) url.Append(Escape(place)).Append('/');
        url.Append(Escape(name));
        if (version.Length > 0) url.Append('@').Append(Escape(version));
        var separator = '?';
        foreach (var (key, value) in qualifiers)
        {
            if (value is not { Length: > 0 }) continue;
            url.Append(separator).Append(key).Append('=').Append(Escape(value));
            separator = '&';
        }
        return url.ToString();
    }

    // The colon is not escaped, wherever it stands.
    private static string Escape(string part) => Uri.EscapeDataString(part).Replace("%3A", ":", StringComparison.Ordinal);

    private static string? Vendor(string? vendor) => vendor?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first.ToLowerInvariant() : null;
}
