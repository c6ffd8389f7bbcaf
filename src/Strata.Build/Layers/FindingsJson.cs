using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>Keeps the findings of a layer in the cache, so that a build that has nothing to do says them again.</summary>
internal static class FindingsJson
{
    public static byte[] Write(EquatableList<LayerFinding> findings) => JsonSerializer.SerializeToUtf8Bytes([.. findings], ModelJson.Default.LayerFindingArray);

    public static EquatableList<LayerFinding> Read(ReadOnlySpan<byte> utf8) => EquatableList.Create<LayerFinding>(JsonSerializer.Deserialize(utf8, ModelJson.Default.LayerFindingArray));
}
