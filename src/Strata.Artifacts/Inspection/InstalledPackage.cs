namespace Strata.Artifacts.Inspection;

/// <summary>A package in dpkg's database.</summary>
/// <remarks>Source: dpkg(1), "status".</remarks>
public sealed record InstalledPackage(string Name, string Version, string Architecture)
{
    /// <summary>The installed packages that a status file or a file of <c>status.d</c> names.</summary>
    public static IEnumerable<InstalledPackage> Read(string status) =>
        from fields in ControlFile.Paragraphs(status)
        let name = fields.GetValueOrDefault("Package")
        let version = fields.GetValueOrDefault("Version")
        where name is not null && version is not null && IsInstalled(fields)
        select new InstalledPackage(name, version, fields.GetValueOrDefault("Architecture", ""));

    /// <summary>Package URL.</summary>
    /// <remarks>Source: purl-spec, "deb".</remarks>
    public string Purl => $"pkg:deb/debian/{Uri.EscapeDataString(Name)}@{Uri.EscapeDataString(Version)}{(Architecture.Length > 0 ? $"?arch={Architecture}" : "")}";

    private static bool IsInstalled(IReadOnlyDictionary<string, string> fields) =>
        fields.GetValueOrDefault("Status") is not { } status || status.EndsWith(" installed", StringComparison.Ordinal);
}
