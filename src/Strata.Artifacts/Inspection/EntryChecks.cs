using Strata.Artifacts.Tar;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>What one entry of a layer shows by itself.</summary>
internal static class EntryChecks
{
    private const int SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200, OthersWrite = 0x2;

    public static IEnumerable<LayerFinding> Of(TarEntry entry)
    {
        if (entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice)
            yield return LayerRules.Device.Finding(entry.Name, $"it is a device node, {entry.DeviceMajor}:{entry.DeviceMinor}; units refuse the layer. Leave it out.");
        if (entry.Kind == TarEntryKind.File && (entry.Mode & (SetUser | SetGroup)) != 0)
            yield return LayerRules.Setuid.Finding(entry.Name, $"whoever starts it gets the rights of {((entry.Mode & SetUser) != 0 ? $"user {entry.Uid}" : $"group {entry.Gid}")}. Clear the bit, or leave the file out.");
        if (entry.Kind is TarEntryKind.File or TarEntryKind.Fifo && (entry.Mode & OthersWrite) != 0)
            yield return LayerRules.WorldWritable.Finding(entry.Name, "anybody may write to it. Set its mode to 0644 or 0755.");
        if (entry.Kind == TarEntryKind.Directory && (entry.Mode & OthersWrite) != 0 && (entry.Mode & Sticky) == 0)
            yield return LayerRules.WorldWritable.Finding(entry.Name, "anybody may put files into this folder and take others' away. Set its mode to 0755, or 1777 for scratch files.");
        if (entry.Attributes.Any(a => a.Name == "security.capability"))
            yield return LayerRules.Capabilities.Finding(entry.Name, "it carries file capabilities. Remove them with setcap -r, or leave the file out.");
    }
}
