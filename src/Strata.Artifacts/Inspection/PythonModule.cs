using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>A Python distribution, found by its metadata.</summary>
/// <remarks>Source: Python packaging, "Core metadata" and "Recording installed projects"; setuptools for egg-info.</remarks>
internal sealed record PythonModule(string Name, string Version, string? License)
{
    private const string DistInfo = ".dist-info", EggInfo = ".egg-info";
    private const string Approved = "License :: OSI Approved :: ";

    /// <summary>Whether the file describes a distribution.</summary>
    public static bool IsMetadata(string name) =>
        name.EndsWith(DistInfo + "/METADATA", StringComparison.Ordinal)
        || name.EndsWith(EggInfo + "/PKG-INFO", StringComparison.Ordinal)
        || (name.EndsWith(EggInfo, StringComparison.Ordinal) && name.Contains("-packages/", StringComparison.Ordinal));

    /// <summary>Whether the file says which files belong to a distribution.</summary>
    public static bool IsRecord(string name) =>
        name.EndsWith(DistInfo + "/RECORD", StringComparison.Ordinal)
        || name.EndsWith(DistInfo + "/top_level.txt", StringComparison.Ordinal)
        || name.EndsWith(EggInfo + "/top_level.txt", StringComparison.Ordinal);

    /// <summary>The <c>*.dist-info</c> or <c>*.egg-info</c> that a file is, or is in.</summary>
    public static string Folder(string name) => name.EndsWith(EggInfo, StringComparison.Ordinal) ? name : name[..name.LastIndexOf('/')];

    /// <summary>Reads metadata; null when it names no distribution.</summary>
    public static PythonModule? Read(string text)
    {
        if (ControlFile.Paragraphs(text).FirstOrDefault() is not { } fields) return null;
        if (fields.GetValueOrDefault("Name") is not { Length: > 0 } name || fields.GetValueOrDefault("Version") is not { Length: > 0 } version) return null;
        if (!Label.IsPlausible(name) || !Label.IsPlausible(version)) return null;
        var stated = fields.GetValueOrDefault("License-Expression") ?? fields.GetValueOrDefault("License");
        if (stated is null or "" or "UNKNOWN") stated = Classified(text);
        return new(name, version, stated is null ? null : Quote.Short(stated));
    }

    /// <summary>Files that belong to the distribution whose folder is <paramref name="folder"/>: what its record or its top-level names say, of what the layer has.</summary>
    /// <param name="files">All files of the layer, in ordinal order.</param>
    public static IEnumerable<string> Paths(string folder, string? record, string? topLevel, SortedFiles files)
    {
        var site = folder.LastIndexOf('/') is > 0 and var slash ? folder[..slash] : "";
        if (record is not null)
        {
            // path,hash,size - a path with a comma in it is quoted
            foreach (var line in record.Split('\n'))
            {
                var path = line.StartsWith('"') ? line.Trim().Split('"') is [_, var quoted, ..] ? quoted : "" : line.Split(',')[0].Trim();
                if (path.Length > 0 && Join(site, path) is { } full && files.Find(full) is { } known) yield return known;
            }
            yield break;
        }
        foreach (var path in files.Contains(folder) ? [folder] : files.Below(folder)) yield return path;
        foreach (var top in (topLevel ?? "").Split('\n').Select(t => t.Trim()).Where(t => t.Length > 0 && !t.Contains("..", StringComparison.Ordinal)))
        {
            foreach (var path in files.Below($"{site}/{top}")) yield return path;
            if (files.Contains($"{site}/{top}.py")) yield return $"{site}/{top}.py";
        }
    }

    // A record names scripts as ../../../bin/x.
    private static string? Join(string site, string path)
    {
        var parts = site.Split('/').ToList();
        foreach (var part in path.Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0) return null;
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not "" and not ".")
            {
                parts.Add(part);
            }
        }
        return string.Join('/', parts);
    }

    private static string? Classified(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var found = (end < 0 ? text : text[..end]).Split('\n')
            .Where(l => l.StartsWith("Classifier: ", StringComparison.OrdinalIgnoreCase) && l.Contains(Approved, StringComparison.Ordinal))
            .Select(l => l[(l.IndexOf(Approved, StringComparison.Ordinal) + Approved.Length)..].Trim()).ToList();
        return found.Count > 0 ? string.Join(" and ", found) : null;
    }
}
