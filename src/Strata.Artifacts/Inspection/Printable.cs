using System.Globalization;
using System.Text;

namespace Strata.Artifacts.Inspection;

/// <summary>Paths as documents can hold them: JSON is Unicode, names on Linux are bytes.</summary>
public static class Printable
{
    /// <summary>The path itself, or when it is no UTF-8 the path with each foreign byte as <c>\xE4</c> and each backslash doubled.</summary>
    public static string Path(string path)
    {
        if (!HasForeignBytes(path)) return path;
        var text = new StringBuilder(path.Length + 8);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\') text.Append(@"\\");
            else if (char.IsHighSurrogate(path[i]) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1])) text.Append(path, i++, 2);
            else if (char.IsSurrogate(path[i])) text.Append(@"\x").Append(((byte)path[i]).ToString("X2", CultureInfo.InvariantCulture));
            else text.Append(path[i]);
        }
        return text.ToString();
    }

    private static bool HasForeignBytes(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (!char.IsSurrogate(path[i])) continue;
            if (!char.IsHighSurrogate(path[i]) || i + 1 == path.Length || !char.IsLowSurrogate(path[i + 1])) return true;
            i++;
        }
        return false;
    }
}
