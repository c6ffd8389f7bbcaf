using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Agent.Reconciling;

/// <summary>An item that is wholly here: what runs after a restart, and when its successor cannot be had.</summary>
/// <param name="Index">Its OCI index; every document and layer beneath it is in the store.</param>
internal sealed record InstalledItem(string Id, string Version, Digest Index);

/// <summary>The list of installed items on disk.</summary>
internal sealed class InstalledFile(string path)
{
    /// <summary>The items; none when the file is not there.</summary>
    public IReadOnlyList<InstalledItem> Read()
    {
        if (!File.Exists(path)) return [];
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), InstalledJson.Default.InstalledItemArray) ?? [];
        }
        catch (JsonException)
        {
            return []; // the hub's desired state brings everything back
        }
    }

    /// <summary>Replaces the list; after a power cut the old or the new one is there.</summary>
    public void Write(IReadOnlyCollection<InstalledItem> items)
    {
        var partial = path + ".part";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, [.. items.OrderBy(i => i.Id, StringComparer.Ordinal)], InstalledJson.Default.InstalledItemArray);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }
}

/// <summary>JSON of the installed items.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(DigestConverter)])]
[JsonSerializable(typeof(InstalledItem[]))]
internal sealed partial class InstalledJson : JsonSerializerContext;
