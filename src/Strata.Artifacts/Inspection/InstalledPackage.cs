using System.Text;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>A package in the database of a package manager.</summary>
/// <param name="Version">As the manager orders it; of an rpm without its epoch.</param>
/// <remarks>Source: dpkg(1), "status"; opkg's own status file, which follows it; rpm's headers.</remarks>
public sealed record InstalledPackage(string Name, string Version, string Architecture)
{
    private const string FilesKey = "Files";

    /// <summary><c>deb</c>, <c>opkg</c> or <c>rpm</c>.</summary>
    public string Type { get; init; } = "deb";

    /// <summary>Licence as the package states it; null when its database has none, as dpkg's.</summary>
    public string? License { get; init; }

    /// <summary>What it was built from; null when that is not known or the package's own name.</summary>
    public string? Source { get; init; }

    /// <summary>Epoch of an rpm; null when it has none.</summary>
    public string? Epoch { get; init; }

    /// <summary>Who made it; null when that is not stated.</summary>
    public string? Vendor { get; init; }

    /// <summary>Paths that it owns, relative to the root; empty when the database keeps them elsewhere.</summary>
    public EquatableList<string> Files { get; init; } = [];

    /// <summary>Characters of all that it says.</summary>
    internal int Characters => Name.Length + Version.Length + Architecture.Length + (License?.Length ?? 0) + (Source?.Length ?? 0) + (Vendor?.Length ?? 0) + Files.Sum(f => f.Length);

    /// <summary>Its name and version are no longer than documents repeat them, and its other fields are lines.</summary>
    internal bool IsPlausible => Label.IsPlausible(Name) && Label.IsPlausible(Version) && Label.IsPlausible(Architecture) && Label.IsPlausible(Epoch ?? "")
        && Label.IsLine(License) && Label.IsLine(Source) && Label.IsLine(Vendor);

    /// <summary>Package URL.</summary>
    /// <remarks>Source: purl-spec.</remarks>
    public string Purl => PackageUrl.Of(this);

    /// <summary>The installed packages that a status file or a file of <c>status.d</c> names.</summary>
    /// <param name="type">Which manager's: <c>deb</c>, <c>opkg</c> or <c>rpm</c>.</param>
    public static IEnumerable<InstalledPackage> Read(string status, string type = "deb") =>
        from fields in ControlFile.Paragraphs(status, FilesKey)
        let name = fields.GetValueOrDefault("Package")
        let version = fields.GetValueOrDefault("Version")
        where name is not null && version is not null && IsInstalled(fields)
        select new InstalledPackage(name, version, fields.GetValueOrDefault("Architecture", ""))
        {
            Type = type,
            License = Known(fields, "License"),
            Source = Known(fields, "Source")?.Split(' ')[0],
            Epoch = Known(fields, "Epoch"),
            Vendor = Known(fields, "Vendor"),
            Files = fields.TryGetValue(FilesKey, out var files) ? files.Split('\n').Select(f => f.Trim().TrimStart('/')).Where(f => f.Length > 0).ToEquatableList() : [],
        };

    /// <summary>The package as one paragraph, as <see cref="Read"/> reads it: what a database split into one file for each package holds.</summary>
    /// <remarks>For rpm, whose own database is one file that no layer can share. A path with a line feed in it is left out.</remarks>
    public string ToParagraph()
    {
        var text = new StringBuilder();
        void Field(string key, string? value)
        {
            if (value is { Length: > 0 }) text.Append(key).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
        }
        Field("Package", Name);
        Field("Epoch", Epoch);
        Field("Version", Version);
        Field("Architecture", Architecture);
        Field("Source", Source);
        Field("License", License);
        Field("Vendor", Vendor);
        if (Files.Count > 0) text.Append(FilesKey).Append(":\n");
        foreach (var file in Files.Where(f => !f.Contains('\n', StringComparison.Ordinal)).Order(StringComparer.Ordinal)) text.Append(" /").Append(file).Append('\n');
        return text.ToString();
    }

    private static string? Known(IReadOnlyDictionary<string, string> fields, string key) => fields.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    private static bool IsInstalled(IReadOnlyDictionary<string, string> fields) =>
        fields.GetValueOrDefault("Status") is not { } status || status.EndsWith(" installed", StringComparison.Ordinal);
}
