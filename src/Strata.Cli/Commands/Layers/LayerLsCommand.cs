using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Layers;
using Strata.Artifacts.Tar;
using Strata.Build.Layers;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer ls</c>: the entries of a layer, as they stand in it.</summary>
internal static class LayerLsCommand
{
    // A device is shown, so that it can be seen; everything that unpacks refuses it.
    private static readonly ArchiveLimits Limits = new() { Devices = true };

    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A layer archive: a tar, gzip-compressed or not." };
        var isLong = new Option<bool>("--long", "-l") { Description = "Mode, numeric owner, size and time too; a plus sign marks extended attributes." };
        return new Command("ls", "List the entries of a layer in their order; whiteouts as the deletions that they are.") { file, isLong }.Runs(
            "strata layer ls -l build/deploy/layers/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz",
            async (parsed, terminal, cancellation) =>
            {
                var layer = await BuildFailures.GuardAsync(() => Task.FromResult(LayerFiles.At(parsed.GetRequiredValue(file))));
                return await BuildFailures.GuardAsync(() => Task.Run(() => RunAsync(layer.Archive, parsed.GetValue(isLong), terminal, cancellation), cancellation), layer.Archive);
            });
    }

    /// <summary>Writes each entry as it is read: a layer of any length takes no more memory than a short one.</summary>
    private static async Task<ExitCode> RunAsync(string path, bool isLong, Terminal terminal, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        await using var tar = await LayerDecompressor.OpenAsync(file, Limits, cancellation, leaveOpen: true);
        using var reader = new TarLayerReader(tar, Limits);
        var separator = "[\n";
        while (await reader.NextAsync(cancellation) is { } entry)
        {
            if (!terminal.Json)
            {
                await terminal.Out.WriteLineAsync(LayerLine.Text(entry, isLong));
                continue;
            }
            await terminal.Out.WriteAsync(separator);
            await terminal.Out.WriteAsync(JsonSerializer.Serialize(LayerLine.Of(entry), LayerLsJson.Default.LayerLine));
            separator = ",\n";
        }
        if (terminal.Json) await terminal.Out.WriteLineAsync(separator == "[\n" ? "[]" : "\n]");
        return ExitCode.Ok;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayerLine))]
internal sealed partial class LayerLsJson : JsonSerializerContext;
