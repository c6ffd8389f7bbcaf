using Strata.Artifacts.Inspection;

namespace Strata.Build.Layers;

/// <summary>Asks a tree for the version of its operating system.</summary>
public static class TreeOsRelease
{
    private const long Largest = 64 * 1024;

    /// <summary>VERSION_ID; null when the tree has no os-release file, or one without it.</summary>
    public static string? Version(string root)
    {
        // The file in etc is most often a link to the other one, and a link of a tree is not followed: it may lead out of it.
        foreach (var place in OsRelease.Places)
        {
            var file = new FileInfo(Path.Combine(root, place));
            if (file is { Exists: true, LinkTarget: null, Length: <= Largest }) return OsRelease.Version(File.ReadAllText(file.FullName));
        }
        return null;
    }
}
