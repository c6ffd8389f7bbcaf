using Strata.Agent.Kernel;

namespace Strata.Agent.Mounting;

/// <summary>The base root file system as services see it: its visible top folders, with everything else whited out.</summary>
/// <param name="rootfs">The base; never written to.</param>
/// <param name="visible">Names of the top entries that services see.</param>
/// <param name="whiteouts">Folder that holds the whiteouts; made anew by <see cref="Prepare"/>.</param>
internal sealed class BaseView(string rootfs, IReadOnlySet<string> visible, string whiteouts)
{
    /// <summary>What lies under every stack, topmost first.</summary>
    public IReadOnlyList<string> Lowers { get; } = [whiteouts, rootfs];

    /// <summary>Writes one whiteout for each hidden top entry, links too. The base may have changed since the last start.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(whiteouts);
        foreach (var old in Directory.EnumerateFileSystemEntries(whiteouts)) File.Delete(old);
        foreach (var entry in Directory.EnumerateFileSystemEntries(rootfs))
            if (Path.GetFileName(entry) is var name && !visible.Contains(name)) SystemCalls.MakeWhiteout(Path.Combine(whiteouts, name));
    }
}
