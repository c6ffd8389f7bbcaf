using System.Globalization;
using Strata.Build.Processes;

namespace Strata.Build.Feeds;

/// <summary>Asks rpm about package files and databases.</summary>
/// <remarks>Source: rpm(8), "--queryformat".</remarks>
internal static class RpmQuery
{
    private const string Identity = "%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}";
    private const string Scripts = "%|PRETRANS?{pretrans }|%|PREIN?{pre }|%|POSTIN?{post }|%|POSTTRANS?{posttrans }|%|PREINPROG?{%|PREIN?{}:{pre }|}|%|POSTINPROG?{%|POSTIN?{}:{post }|}|";

    // Paths on one command line; the kernel takes 2 MiB of them.
    private const int AtOnce = 200;

    /// <summary>What package files say of themselves, in their order.</summary>
    /// <exception cref="InvalidDataException">One is no package.</exception>
    public static async Task<IReadOnlyList<RpmFile>> FilesAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var found = new List<RpmFile>();
        foreach (var some in files.Chunk(AtOnce))
        {
            var outcome = await Rpm(["-q", "--package", "--nosignature", "--queryformat", $"{Identity}\\t%{{BUILDTIME}}\\t{Scripts}\\n", .. some]).RunAsync(cancellation);
            var lines = outcome.Lines.ToList();
            if (!outcome.IsSuccess || lines.Count != some.Length)
                throw new InvalidDataException($"A file of the feed is no RPM package ({Model.Identity.Quote.Short(outcome.Complaints is [var first, ..] ? first : "rpm gave no reason")}); remove it from the feed, or make it anew.");
            found.AddRange(lines.Select(Parse));
        }
        return found;
    }

    /// <summary>A line for each file: its name, a tab, its architecture.</summary>
    /// <inheritdoc cref="FilesAsync"/>
    public static async Task<IReadOnlyList<string>> NamesAsync(IReadOnlyList<string> files, CancellationToken cancellation) =>
        [.. (await FilesAsync(files, cancellation)).Select(f => $"{f.Identity.Name}\t{f.Identity.Architecture}")];

    /// <summary>The packages of a root.</summary>
    /// <param name="database">The database's folder, from the root.</param>
    public static async Task<IReadOnlySet<(string Name, string Version, string Architecture)>> InstalledAsync(string root, string database, CancellationToken cancellation)
    {
        var outcome = await Rpm(["--root", root, "--dbpath", "/" + database, "-q", "--all", "--queryformat", $"{Identity}\\t0\\t\\n"]).RunAsync(cancellation);
        return outcome.OrFail("Reading the package database").Lines.Select(line => Parse(line).Identity).ToHashSet();
    }

    private static ExternalTool Rpm(IReadOnlyList<string> arguments) =>
        new("rpm", arguments) { Environment = new Dictionary<string, string>(ExternalTool.Quiet) { ["HOME"] = "/nonexistent" } };

    private static RpmFile Parse(string line)
    {
        if (line.Split('\t') is not [var name, var epoch, var version, var architecture, var time, var scripts])
            throw new ToolFailedException($"rpm wrote a line that is not understood: {Model.Identity.Quote.Short(line)}.");
        return new(
            (name, epoch == "0" ? version : $"{epoch}:{version}", architecture),
            long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0,
            scripts.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>What an RPM package says of itself.</summary>
/// <param name="Time">When it was made, Unix seconds.</param>
/// <param name="Scripts">Those that an installation runs, by rpm's names.</param>
internal sealed record RpmFile((string Name, string Version, string Architecture) Identity, long Time, IReadOnlyList<string> Scripts);
