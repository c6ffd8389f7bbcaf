using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>Checks a layer against where it will lie.</summary>
public static class LayerChecks
{
    /// <summary>Everything that is found: by the entries alone, and by <paramref name="context"/>. Ordered by rule and path.</summary>
    public static EquatableList<LayerFinding> Judge(LayerInspection content, CheckContext context) =>
    [
        .. content.Findings.Concat(Foreign(content, context)).Concat(Dangling(content, context))
            .OrderBy(f => f.Rule, StringComparer.Ordinal).ThenBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Message, StringComparer.Ordinal),
    ];

    private static IEnumerable<LayerFinding> Foreign(LayerInspection content, CheckContext context)
    {
        // Without a platform the layer is for what most of its files are for.
        var expected = context.Architecture ?? content.Binaries.Where(b => b.IsForHost).GroupBy(b => b.Elf.Architecture!).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
        return content.Binaries.Where(b => b.IsForHost && b.Elf.Architecture != expected)
            .Select(b => LayerRules.ForeignArchitecture.Finding(Printable.Path(b.Path), $"it is for {b.Elf.Architecture}, and the layer is for {expected}. Take the package of the right architecture."));
    }

    private static IEnumerable<LayerFinding> Dangling(LayerInspection content, CheckContext context)
    {
        if (context.Providers is not { } beneath) yield break;
        foreach (var binary in content.Binaries.Where(b => b.IsForHost))
        {
            foreach (var needed in binary.Elf.Needed.Distinct())
            {
                // A path is looked up as it stands, not in the folders of libraries.
                var name = needed[(needed.LastIndexOf('/') + 1)..];
                if (!content.Providers.Contains(name) && !beneath.Contains(name))
                    yield return LayerRules.DanglingSoname.Finding(Printable.Path(binary.Path), $"it needs {needed}, which is in no layer beneath and not in what services see of the base. Add the package that brings it.");
            }
        }
    }
}
