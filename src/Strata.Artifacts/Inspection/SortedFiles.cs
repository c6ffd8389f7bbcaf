namespace Strata.Artifacts.Inspection;

/// <summary>The names of a layer's files in ordinal order, so that those below a folder lie side by side.</summary>
internal sealed class SortedFiles(IEnumerable<string> names)
{
    private readonly string[] _names = [.. names.Order(StringComparer.Ordinal)];

    /// <summary>Whether there is a file of that name.</summary>
    public bool Contains(string name) => Array.BinarySearch(_names, name, StringComparer.Ordinal) >= 0;

    /// <summary>The file of that name as it is kept already; null when there is none.</summary>
    public string? Find(string name) => Array.BinarySearch(_names, name, StringComparer.Ordinal) is >= 0 and var at ? _names[at] : null;

    /// <summary>The files below a folder, however deep.</summary>
    public IEnumerable<string> Below(string folder)
    {
        var prefix = folder + "/";
        var at = Array.BinarySearch(_names, prefix, StringComparer.Ordinal);
        for (at = at < 0 ? ~at : at; at < _names.Length && _names[at].StartsWith(prefix, StringComparison.Ordinal); at++) yield return _names[at];
    }
}
