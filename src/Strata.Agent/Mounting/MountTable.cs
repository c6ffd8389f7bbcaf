using System.Globalization;
using System.Text;

namespace Strata.Agent.Mounting;

/// <summary>What is mounted, as the kernel tells it.</summary>
/// <remarks>Source: proc(5), "/proc/[pid]/mountinfo".</remarks>
internal static class MountTable
{
    private const int MountPointField = 4;

    /// <summary>Mount points inside <paramref name="folder"/>, the youngest first: in this order they can be taken away.</summary>
    public static IReadOnlyList<string> Beneath(string folder) => Beneath(folder, File.ReadLines("/proc/self/mountinfo"));

    /// <summary>The same over given lines.</summary>
    public static IReadOnlyList<string> Beneath(string folder, IEnumerable<string> mountInfo)
    {
        var prefix = folder.TrimEnd('/') + "/";
        return [.. mountInfo
            .Select(line => Unescape(line.Split(' ')[MountPointField]))
            .Where(point => point.StartsWith(prefix, StringComparison.Ordinal))
            .Reverse()];
    }

    /// <summary>The kernel writes blank, tab, line feed and backslash as three octal digits.</summary>
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal)) return field;
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length)
            {
                var octal = int.Parse(field.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture);
                text.Append((char)((octal / 100 * 64) + (octal / 10 % 10 * 8) + (octal % 10)));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }
        return text.ToString();
    }
}
