using Strata.Artifacts.Inspection;
using Strata.Artifacts.Sbom;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Describing;

/// <summary>Describes a layer from its content, and from what its makers say where the content is silent.</summary>
public static class LayerDescriber
{
    /// <summary>The description without its side documents. What the content says wins; a difference is a finding with both.</summary>
    public static DescribedLayer Describe(LayerClaims claims, LayerArchive archive, LayerInspection content)
    {
        var mismatches = new List<LayerFinding>();
        var description = new LayerDescription
        {
            Name = claims.Name,
            Codename = claims.Codename,
            Version = claims.Version,
            Summary = claims.Summary,
            License = License(claims, content, mismatches),
            Created = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(claims.Time ?? content.LatestTime, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds())),
            Features = claims.Features.Distinct().Order(StringComparer.Ordinal).ToEquatableList(),
            Parent = claims.Parent is { } parent ? new ParentLayer(parent.Name, parent.Version, parent.Archive.DiffId) : null,
            Base = claims.Base,
            Platform = Platform(claims, content, mismatches),
            Libraries = content.Libraries,
            Binaries = content.Binaries.Select(b => b.Describe()).ToEquatableList(),
            Archive = archive,
        };
        mismatches.AddRange(MissingFeatures(claims, content));
        return new(description, mismatches.ToEquatableList());
    }

    private static Platform Platform(LayerClaims claims, LayerInspection content, List<LayerFinding> mismatches)
    {
        var platform = claims.Platform;
        if (content.Architectures is [var found] && found != platform.Architecture)
        {
            mismatches.Add(Mismatch("architecture", "target", platform.Architecture, $"its programs and libraries are for {found}"));
            platform = platform with { Architecture = found, Variant = null };
        }
        // A number and a name of the same version are no contradiction: 12 is bookworm.
        var versions = content.OsVersions.Count > 0 ? content.OsVersions : claims.OsVersions;
        if (versions.Count == 0 || (platform.OsVersion is { } known && versions.Contains(known))) return platform;
        if (platform.OsVersion is { } said) mismatches.Add(Mismatch("os.version", "target", said, $"os-release says {string.Join(", ", versions)}"));
        return platform with { OsVersion = versions[0] };
    }

    private static string? License(LayerClaims claims, LayerInspection content, List<LayerFinding> mismatches)
    {
        var said = LicenseExpression.Of(claims.License);
        var found = LicenseExpression.All(content.Libraries.Select(l => LicenseExpression.Of(l.License)).OfType<LicenseExpression>());
        if (found is null) return said?.Text;
        if (said is not null && LicenseExpression.All([said, found]) != LicenseExpression.All([said]))
            mismatches.Add(Mismatch("licence", "recipe", claims.License!, $"its packages state {Shown(found.Text)}"));
        return found.Text;
    }

    // A feature of the parent is the parent's to bring. Without a package database nobody can tell.
    private static IEnumerable<LayerFinding> MissingFeatures(LayerClaims claims, LayerInspection content)
    {
        var packages = content.Libraries.Where(l => l.Type is "deb" or "opkg" or "rpm").Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
        if (packages.Count == 0) yield break;
        foreach (var feature in claims.Features.Except(claims.Parent?.Features ?? []).Order(StringComparer.Ordinal))
        {
            if (!packages.Contains(feature) && !packages.Contains(claims.FeedNames.GetValueOrDefault(feature, feature)))
                yield return Mismatch("feature", "recipe", feature, "the layer brings no package of that name: a layer beneath has it, or it is called otherwise");
        }
    }

    private static LayerFinding Mismatch(string what, string who, string said, string found) =>
        LayerRules.Mismatch.Finding("", $"{what}: the {who} says {Quote.Short(said)}, and {found}.");

    private static string Shown(string license) => license.Length <= 300 ? license : license[..299] + "…";
}
