using Strata.Artifacts.Inspection;

namespace Strata.Artifacts.Layers;

/// <summary>What the shared objects of a layer give to others: sonames, and under each the symbols it exports.</summary>
internal static class ExportedNames
{
    /// <summary>Inspects a layer as far as a comparison needs it.</summary>
    public static Task<InspectedLayer> InspectAsync(Stream file, CancellationToken cancellation) => LayerInspector.InspectFileAsync(file, null, cancellation);

    /// <summary>The exported symbols by soname; a soname without any has one entry that is empty.</summary>
    public static ILookup<string, string> Of(InspectedLayer layer) =>
        layer.Content.Libraries.SelectMany(l => l.Sonames).Distinct().ToLookup(soname => soname, _ => "");
}
