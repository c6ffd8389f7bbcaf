using System.CommandLine;
using Strata.Artifacts.Inspection;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer inspect</c>: what is in a layer, from its content alone.</summary>
internal static class LayerInspectCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A layer archive: a tar, gzip-compressed or not." };
        return new Command("inspect", "Show the libraries, digests and platform of a layer, from its content alone.") { file }.Runs(
            "strata layer inspect build/deploy/layers/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz",
            async (parsed, terminal, cancellation) =>
            {
                await RunAsync(parsed.GetRequiredValue(file), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    /// <summary>Reads the file once and shows what is in it.</summary>
    public static async Task<InspectedLayer> RunAsync(string file, Terminal terminal, CancellationToken cancellation)
    {
        if (!File.Exists(file)) throw new CommandFailure(ExitCode.Refused, $"There is no layer file '{file}'; correct the path.");
        if (new FileInfo(file).Length == 0) throw new CommandFailure(ExitCode.Refused, $"The layer file '{file}' is empty; no unit takes a layer of 0 bytes. Build it again.");
        var inspected = await BuildFailures.GuardAsync(async () =>
        {
            await using var stream = File.OpenRead(file);
            return await LayerInspector.InspectFileAsync(stream, null, cancellation);
        });
        var content = inspected.Content;
        var result = new LayerInspectResult(inspected.Digest, inspected.DiffId, inspected.Size, content.UnpackedSize, content.Entries, content.Architectures, content.Libraries);
        terminal.Result(result, LayerBuildJson.Default.LayerInspectResult, text => Write(text, result));
        return inspected;
    }

    private static void Write(TextWriter text, LayerInspectResult result)
    {
        text.WriteLine($"digest        {result.Digest}");
        text.WriteLine($"diff id       {result.DiffId}");
        text.WriteLine($"size          {result.Size / 1e6:0.0} MB, unpacked {result.UnpackedSize / 1e6:0.0} MB in {result.Entries} entries");
        text.WriteLine($"architecture  {(result.Architectures.Count > 0 ? string.Join(", ", result.Architectures) : "any: no shared object is inside")}");
        text.WriteLine($"libraries     {result.Libraries.Count}");
        foreach (var library in result.Libraries)
            text.WriteLine($"  {library.Type,-7} {library.Name,-32} {library.Version,-24} {library.License}");
    }
}

/// <summary>What <c>strata layer inspect --json</c> writes.</summary>
internal sealed record LayerInspectResult(
    Digest Digest, DiffId DiffId, long Size, long UnpackedSize, int Entries, EquatableList<string> Architectures, EquatableList<Library> Libraries);
