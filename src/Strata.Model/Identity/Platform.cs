namespace Strata.Model.Identity;

/// <summary>What a layer or service was made for.</summary>
/// <param name="Architecture">OCI's name: <c>amd64</c>, <c>arm64</c>, <c>arm</c>.</param>
/// <param name="Os">OCI's name, lower case: <c>linux</c>.</param>
/// <remarks>Source: OCI image-spec 1.1, image-index.md, "platform".</remarks>
public sealed record Platform(string Architecture, string Os = "linux")
{
    /// <summary>CPU variant, for example <c>v7</c>; null when none was named.</summary>
    public string? Variant { get; init; }

    /// <summary>The version of the operating system; null when none was named.</summary>
    public string? OsVersion { get; init; }

    /// <summary>Features of the operating system that must be there, in ordinal order.</summary>
    public EquatableList<string> OsFeatures { get; init; } = [];

    /// <summary>True when a layer made for this platform runs on <paramref name="host"/>: what is named here must agree, and every feature must be there.</summary>
    /// <remarks>An <c>OsVersion</c> or variant that either side leaves out is no obstacle.</remarks>
    public bool RunsOn(Platform host) =>
        Architecture == host.Architecture
        && Os == host.Os
        && (Variant is null || host.Variant is null || Variant == host.Variant)
        && (OsVersion is null || host.OsVersion is null || OsVersion == host.OsVersion)
        && OsFeatures.All(host.OsFeatures.Contains);

    /// <summary>The file name stem of a layer archive for this platform: <c>linux-amd64</c>.</summary>
    public string Stem => $"{Os}-{Architecture}";

    /// <summary><c>linux/amd64</c>, with the variant behind it where there is one.</summary>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
