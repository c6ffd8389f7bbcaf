using Strata.Artifacts.Tar;
using Strata.Build.Feeds;
using Strata.Build.Processes;

namespace Strata.Build.Installing;

/// <summary>The control files of a .deb or .ipk: its description, its scripts and what else its package manager keeps.</summary>
/// <param name="Description">The file <c>control</c>.</param>
/// <param name="Others">All others by name, in the order of the package.</param>
/// <param name="Time">Newest time of a control file, Unix seconds.</param>
internal sealed record ControlFiles(Paragraph Description, IReadOnlyList<ControlFileMember> Others, long Time)
{
    // The largest real ones are lists of checksums of some megabytes.
    private const int MostBytes = 64 << 20;
    private static readonly string[] InstallScripts = ["preinst", "postinst"];

    /// <summary>The scripts that an installation runs.</summary>
    public IReadOnlyList<string> Scripts => [.. InstallScripts.Where(s => Others.Any(o => o.Name == s))];

    /// <summary>Reads them.</summary>
    /// <param name="name">For messages.</param>
    /// <exception cref="InvalidDataException">The file is no package.</exception>
    public static async Task<ControlFiles> ReadAsync(string file, string name, CancellationToken cancellation)
    {
        var members = new List<ControlFileMember>();
        var newest = 0L;
        var outcome = await new ExternalTool("dpkg-deb", ["--ctrl-tarfile", file]).StreamAsync(
            async stream =>
            {
                using var reader = new TarLayerReader(stream);
                var left = MostBytes;
                while (await reader.NextAsync(cancellation) is { } entry)
                {
                    if (entry.Kind != TarEntryKind.File) continue;
                    if (entry.Size > left) throw new InvalidDataException($"The package {name} has more than {MostBytes >> 20} MiB of control files; that is no package.");
                    left -= (int)entry.Size;
                    newest = Math.Max(newest, entry.ModifiedAt);
                    var content = new byte[entry.Size];
                    await reader.Content.ReadExactlyAsync(content, cancellation);
                    members.Add(new(entry.BaseName, content, entry.Mode));
                }
            },
            cancellation);
        if (!outcome.IsSuccess) throw Broken(name, outcome);
        if (members.Find(m => m.Name == "control") is not { } control) throw new InvalidDataException($"The package {name} has no file 'control'; make it anew.");
        return new(new(System.Text.Encoding.UTF8.GetString(control.Content)), [.. members.Where(m => m != control)], newest);
    }

    /// <summary>What to say of a package that cannot be read.</summary>
    public static InvalidDataException Broken(string name, ToolOutcome outcome) => new(
        $"The package {name} cannot be read ({Model.Identity.Quote.Short(outcome.Complaints is [var first, ..] ? first : "no reason was given")}); make it anew, or take another version.");
}

/// <summary>One control file.</summary>
internal sealed record ControlFileMember(string Name, byte[] Content, int Mode);
