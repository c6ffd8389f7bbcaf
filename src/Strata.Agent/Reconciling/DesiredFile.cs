using System.Text.Json;
using Strata.Artifacts.Protocol;

namespace Strata.Agent.Reconciling;

/// <summary>The desired state as last received, kept so that a restart needs no hub.</summary>
internal sealed class DesiredFile(string path)
{
    /// <summary>The state; null when none was received yet.</summary>
    /// <exception cref="IOException">The file is not what this class wrote.</exception>
    public DesiredStatus? Read()
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ProtocolJson.Default.DesiredStatus);
        }
        catch (JsonException broken)
        {
            throw new IOException($"{path} is damaged: {broken.Message} Remove it; the hub sends the desired state again.");
        }
    }

    /// <summary>Replaces the state; after a power cut the old or the new one is there.</summary>
    public void Write(DesiredStatus status)
    {
        var partial = path + ".part";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, status, ProtocolJson.Default.DesiredStatus);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }
}
