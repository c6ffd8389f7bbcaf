using Strata.Artifacts.Inspection;
using Strata.Build.Layers;
using Strata.Build.Targets;
using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary>Describes and checks a layer that was packed from two trees.</summary>
/// <param name="values">What the recipe knows; null to check alone.</param>
internal sealed class LayerDescribing(LayerValues? values)
{
    private const string ArchiveEnd = ".tar.gz";

    /// <summary>Latest time that entries were given, in seconds since 1970; null when they kept their own.</summary>
    public long? Time { get; init; }

    /// <summary>Refuse a layer with findings.</summary>
    public bool Strict { get; init; }

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

    /// <summary>Writes the documents beside the archive when there are values, and reports what was found.</summary>
    /// <param name="parent">The tree that the layer lies on.</param>
    /// <param name="child">The tree that both give.</param>
    /// <exception cref="CommandFailure">It is to be strict and something was found; the archive is taken away again.</exception>
    public async Task<EquatableList<LayerFinding>> RunAsync(PackedLayer packed, string parent, string child, string output, Terminal terminal, CancellationToken cancellation)
    {
        var name = Path.GetFileName(output);
        var beneath = SharedObjects.Of(parent, values?.Visible ?? Target.DefaultVisible);
        if (values?.Claims.Parent is { } above) beneath.UnionWith(SharedObjects.Of(above));
        EquatableList<LayerFinding> findings;
        using (terminal.Begin($"Describing {name}"))
        {
            findings = await BuildFailures.GuardAsync(async () =>
            {
                if (values is null) return LayerChecks.Judge((await LayerAssembler.InspectAsync(output, new(), cancellation)).Content, new() { Providers = beneath });
                var claims = values.Claims with { Time = Time, OsVersions = TreeOsRelease.Versions(child) };
                return (await new LayerAssembler(claims) { Beneath = beneath, Prefixes = ["", Stem(name) + "."], Strict = Strict }.AssembleAsync(output, packed.Archive, cancellation)).Findings;
            });
        }
        if (Strict && findings.Count > 0) File.Delete(output);
        if (Strict) FindingLines.Refuse(name, findings);
        FindingLines.Note(terminal, name, findings);
        return findings;
    }

    private static string Stem(string name) => name.EndsWith(ArchiveEnd, StringComparison.Ordinal) ? name[..^ArchiveEnd.Length] : Path.GetFileNameWithoutExtension(name);
}
