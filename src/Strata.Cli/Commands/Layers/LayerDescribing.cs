using Strata.Artifacts.Inspection;
using Strata.Build.Layers;
using Strata.Build.Targets;
using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary>Describes and checks a layer that was packed from two trees.</summary>
internal static class LayerDescribing
{
    private const string ArchiveEnd = ".tar.gz";

    /// <summary>Reads the file that <c>--describe</c> names.</summary>
    /// <exception cref="CommandFailure">It cannot be used; every mistake is listed.</exception>
    public static LayerValues Read(string file)
    {
        try
        {
            return LayerValuesReader.Read(file);
        }
        catch (InvalidDataException unusable)
        {
            throw new CommandFailure(ExitCode.Refused, unusable.Message);
        }
    }

    /// <summary>Writes the documents beside the archive when there are <paramref name="values"/>, and reports what was found.</summary>
    /// <exception cref="CommandFailure">With <paramref name="strict"/> something was found; the archive is taken away again.</exception>
    public static async Task<IReadOnlyList<LayerFinding>> RunAsync(
        PackedLayer packed, string parent, string child, string output, long? time, LayerValues? values, bool strict, Terminal terminal, CancellationToken cancellation)
    {
        var beneath = SharedObjects.Of(parent, values?.Visible ?? Target.DefaultVisible);
        if (values?.Claims.Parent is { } above) beneath.UnionWith(SharedObjects.Of(above));
        EquatableList<LayerFinding> findings;
        using (terminal.Begin($"Describing {Path.GetFileName(output)}"))
        {
            findings = await BuildFailures.GuardAsync(async () =>
            {
                if (values is null) return LayerChecks.Judge((await LayerAssembler.InspectAsync(output, new(), cancellation)).Content, new() { Providers = beneath });
                var claims = values.Claims with { Time = time, OsVersion = TreeOsRelease.Version(child) };
                return (await LayerAssembler.AssembleAsync(output, packed.Archive, claims, beneath, Path.GetDirectoryName(Path.GetFullPath(output))!, ["", Stem(output) + "."], strict, cancellation)).Findings;
            });
        }
        if (strict && findings.Count > 0) File.Delete(output);
        if (strict) FindingLines.Refuse(Path.GetFileName(output), findings);
        FindingLines.Note(terminal, Path.GetFileName(output), findings);
        return findings;
    }

    private static string Stem(string output)
    {
        var name = Path.GetFileName(output);
        return name.EndsWith(ArchiveEnd, StringComparison.Ordinal) ? name[..^ArchiveEnd.Length] : Path.GetFileNameWithoutExtension(name);
    }
}
