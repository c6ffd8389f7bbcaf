using Strata.Artifacts.Inspection;
using Strata.Model.Identity;

namespace Strata.Build.Layers;

/// <summary>Asks a tree for the version of its operating system.</summary>
public static class TreeOsRelease
{
    private const long Largest = 64 * 1024;

    /// <summary>Its names, see <see cref="OsRelease.Versions"/>; empty when the tree has no os-release file.</summary>
    public static EquatableList<string> Versions(string root)
    {
        // The file in etc is most often a link to the other one, and a link of a tree is not followed: it may lead out of it.
        foreach (var place in OsRelease.Places)
        {
            var file = new FileInfo(Path.Combine(root, place));
            if (file is { Exists: true, LinkTarget: null, Length: <= Largest }) return OsRelease.Versions(File.ReadAllText(file.FullName));
        }
        return [];
    }
}
