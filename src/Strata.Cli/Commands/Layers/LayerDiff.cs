using System.Text.Json.Serialization;
using Strata.Artifacts.Hashing;
using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Model.Layers;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Layers;

/// <summary>Packs the difference of two directory trees as a layer and says what is in it.</summary>
internal static class LayerDiff
{
    /// <summary>Packs <paramref name="parent"/> to <paramref name="child"/> into <paramref name="output"/>.</summary>
    /// <exception cref="CommandFailure">The trees cannot be packed, or the disk is full; nothing was left.</exception>
    public static async Task<PackedLayer> RunAsync(
        string parent, string child, string output, PackOptions options, Terminal terminal, CancellationToken cancellation)
    {
        using var step = terminal.Begin($"Packing {Path.GetFileName(output)}");
        try
        {
            return await Task.Run(() => LayerPacker.PackAsync(parent, child, options, output, new Shown(step), cancellation), cancellation);
        }
        catch (TreeRefusedException refused)
        {
            throw new CommandFailure(ExitCode.Refused, refused.Message);
        }
        catch (ContentMismatchException changed)
        {
            throw new CommandFailure(ExitCode.Failed, $"{changed.Message} Pack it again when nothing writes to '{child}'.");
        }
        catch (SpaceExhaustedException full)
        {
            throw new CommandFailure(ExitCode.NoSpace, full.Message);
        }
        catch (Exception unreadable) when (unreadable is PosixException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, unreadable.Message);
        }
    }

    /// <summary>Writes what was packed, for people or as JSON.</summary>
    public static void Report(PackedLayer packed, string output, IReadOnlyList<LayerFinding> findings, Terminal terminal)
    {
        var archive = packed.Archive;
        var result = new LayerDiffResult(
            Path.GetFullPath(output), archive.MediaType, archive.Digest.ToString(), archive.DiffId.ToString(), archive.Size, archive.UnpackedSize,
            archive.Entries, packed.Counts.Added, packed.Counts.Changed, packed.Counts.Removed, packed.Notes, findings);
        terminal.Result(result, LayerDiffJson.Default.LayerDiffResult, text =>
        {
            text.WriteLine(output);
            text.WriteLine($"  {result.Added} added, {result.Changed} changed, {result.Removed} removed: {result.Entries} entries, {result.UnpackedSize / 1e6:0.0} MB unpacked, {result.Size / 1e6:0.0} MB packed");
            text.WriteLine($"  digest  {result.Digest}");
            text.WriteLine($"  diff id {result.DiffId}");
            TreeNotes.Write(packed.Notes, text);
        });
    }

    /// <summary>Reports at once and on the packing thread: the framework's own would post each report to the pool.</summary>
    private sealed class Shown(Progress step) : IProgress<PackProgress>
    {
        public void Report(PackProgress value)
        {
            if (value.Phase != PackPhase.Scanning) step.Report(value.Done, value.Total);
        }
    }
}

/// <summary>What <c>strata layer diff --json</c> writes.</summary>
/// <param name="Path">The layer file.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="UnpackedSize">Sum of the sizes of its regular files, in bytes.</param>
/// <param name="Notes">What its maker should know of.</param>
internal sealed record LayerDiffResult(
    string Path, string MediaType, string Digest, string DiffId, long Size, long UnpackedSize, int Entries, int Added, int Changed, int Removed,
    IReadOnlyList<TreeNote> Notes, IReadOnlyList<LayerFinding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LayerDiffResult))]
internal sealed partial class LayerDiffJson : JsonSerializerContext;
