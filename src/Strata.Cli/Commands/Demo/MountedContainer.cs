using System.Text;

namespace Strata.Cli.Commands.Demo;

/// <summary>A process whose root is an overlay of the unit, as the kernel tells it.</summary>
/// <param name="Pid">On the host.</param>
/// <param name="Service">From the process's own environment, <c>SERVICE</c>, which came with the composed image.</param>
/// <param name="Lowers">The overlay's folders, topmost first.</param>
internal sealed record MountedContainer(int Pid, string Service, IReadOnlyList<string> Lowers)
{
    /// <summary>Every process on this machine whose root is an overlay with a folder under <paramref name="unit"/>.</summary>
    /// <remarks>Read from /proc alone, without a word of the agent. Processes that end meanwhile are passed over.</remarks>
    public static List<MountedContainer> Find(string unit)
    {
        var found = new List<MountedContainer>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid)) continue;
            try
            {
                var lowers = RootLowers(File.ReadLines($"{folder}/mountinfo"));
                if (lowers.Any(lower => lower.StartsWith(unit + "/", StringComparison.Ordinal)))
                    found.Add(new(pid, Variable($"{folder}/environ", "SERVICE") ?? "", lowers));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process ended between the listing and the look.
            }
        }
        return found;
    }

    /// <summary>The lower folders of the overlay at <c>/</c> in the lines of a mountinfo file; empty when something else is mounted there.</summary>
    /// <remarks>Source: proc_pid_mountinfo(5); both spellings of the option, <c>lowerdir=a:b</c> and <c>lowerdir+=a,lowerdir+=b</c>.</remarks>
    internal static List<string> RootLowers(IEnumerable<string> mountinfo)
    {
        var lowers = new List<string>();
        foreach (var line in mountinfo)
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (fields.Length < 7 || fields[4] != "/" || separator < 0 || separator + 3 >= fields.Length || fields[separator + 1] != "overlay") continue;
            foreach (var option in fields[separator + 3].Split(','))
            {
                if (option.StartsWith("lowerdir=", StringComparison.Ordinal)) lowers.AddRange(option["lowerdir=".Length..].Split(':').Select(Unescape));
                else if (option.StartsWith("lowerdir+=", StringComparison.Ordinal)) lowers.Add(Unescape(option["lowerdir+=".Length..]));
            }
        }
        return lowers;
    }

    private static string Unescape(string field) => field
        .Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

    private static string? Variable(string environ, string name) => Encoding.UTF8.GetString(File.ReadAllBytes(environ))
        .Split('\0').FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>The container's view of <paramref name="path"/>, reached through its own root.</summary>
    public string See(string path) => $"/proc/{Pid}/root{path}";
}
