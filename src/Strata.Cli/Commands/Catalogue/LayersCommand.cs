using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Catalogue;

/// <summary>JSON of what is listed and shown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LayerDescriptionConverter)])]
[JsonSerializable(typeof(LayerInfo[]))]
[JsonSerializable(typeof(LayerVersionInfo))]
internal sealed partial class CatalogueJson : JsonSerializerContext;

/// <summary><c>strata layers</c>: what the hub has.</summary>
internal static class LayersCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create() => new("layers", "See the layers that the hub has and shares with you.") { List(), Show() };

    private static Command List() => Hub.AddTo(new("list", "List layers with their versions and platforms."))
        .Runs("strata layers list --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var layers = (await hub.LayersAsync(cancellation)).ToArray();
            terminal.Result(layers, CatalogueJson.Default.LayerInfoArray, text =>
            {
                if (layers.Length == 0) text.WriteLine("No layer is published, or none is shared with you.");
                else Table.Write(text, ["CODENAME", "ALIASES", "OWNER", "PLATFORMS", "VERSIONS", "UID"], layers.Select(l => new[]
                {
                    l.Codename, string.Join(", ", l.Aliases), l.Owner, string.Join(", ", l.Platforms), string.Join(", ", l.Versions.Select(v => v.Version)), l.Id,
                }));
            });
            return ExitCode.Ok;
        });

    private static Command Show()
    {
        var layer = new Argument<string>("layer") { Description = "NAME or NAME@VERSION; the name is a codename, an alias or a UID." };
        return Hub.AddTo(new("show", "Show a layer's versions, or one version with its libraries.") { layer })
            .Runs("strata layers show pylibs@1.0.0 --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var parts = parsed.GetRequiredValue(layer).Split('@', 2);
                if (parts is [var name, var version]) await ShowVersionAsync(hub, name, version, terminal, cancellation);
                else await ShowLayerAsync(hub, parts[0], terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    private static async Task ShowLayerAsync(HubClient hub, string name, Terminal terminal, CancellationToken cancellation)
    {
        var layer = await hub.LayerAsync(name, cancellation);
        terminal.Result(layer, CatalogueJson.Default.LayerInfo, text =>
        {
            text.WriteLine($"{layer.Codename} of {layer.Owner}{(layer.Title is { } title ? $": {title}" : "")}");
            text.WriteLine($"UID      {layer.Id}");
            if (layer.Aliases.Length > 0) text.WriteLine($"aliases  {string.Join(", ", layer.Aliases)}");
            text.WriteLine();
            Table.Write(text, ["VERSION", "PLATFORMS", "SIZE", "USED BY"], layer.Versions.Select(v => new[]
            {
                v.Version, string.Join(", ", v.Platforms), Megabytes(v.Size), string.Join(", ", v.UsedBy),
            }));
        });
    }

    private static async Task ShowVersionAsync(HubClient hub, string name, string version, Terminal terminal, CancellationToken cancellation)
    {
        var shown = await hub.LayerVersionAsync(name, version, cancellation);
        terminal.Result(shown, CatalogueJson.Default.LayerVersionInfo, text =>
        {
            foreach (var description in shown.Descriptions) Write(text, description);
        });
    }

    private static void Write(TextWriter text, LayerDescription layer)
    {
        text.WriteLine($"{layer.Codename} {layer.Version} for {layer.Platform}{(layer.Summary is { } summary ? $": {summary}" : "")}");
        text.WriteLine($"built from  {layer.Name}");
        text.WriteLine($"on base     {layer.Base?.Name ?? "unknown base"}{(layer.Base is { } known ? $" {known.Identity}" : "")}");
        if (layer.Parent is { } parent) text.WriteLine($"parent      {parent.Name} {parent.Version} {parent.DiffId}");
        text.WriteLine($"digest      {layer.Archive.Digest}");
        text.WriteLine($"diff id     {layer.Archive.DiffId}");
        text.WriteLine($"size        {Megabytes(layer.Archive.Size)}, unpacked {Megabytes(layer.Archive.UnpackedSize)}");
        text.WriteLine();
        Table.Write(text, ["LIBRARY", "VERSION", "TYPE", "FILES", "LICENCE"], layer.Libraries.Select(l => new[]
        {
            l.Name, l.Version, l.Type, l.Files.ToString(System.Globalization.CultureInfo.InvariantCulture), l.License ?? "",
        }));
        text.WriteLine();
    }

    private static string Megabytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
