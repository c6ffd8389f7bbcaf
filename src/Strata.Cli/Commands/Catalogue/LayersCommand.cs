using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Json;
using Strata.Cli.Hub;

namespace Strata.Cli.Commands.Catalogue;

/// <summary><c>strata layers</c>: what the hub has.</summary>
internal static class LayersCommand
{
    public static Command Create()
    {
        var command = new Command("layers", "See the layers that the hub has and shares with you, and decide about your own.")
        {
            LayersListCommand.Create(),
            LayersShowCommand.Create(),
            LayersSearchCommand.Create(),
            LayersContentCommands.Libraries(),
            LayersContentCommands.Files(),
            LayersContentCommands.Symbols(),
            LayersContentCommands.Sbom(),
            LayersRelationCommands.UsedBy(),
            LayersRelationCommands.Compare(),
        };
        foreach (var decision in LayerStateCommands.Create().Concat(LayerSharingCommands.Create())) command.Subcommands.Add(decision);
        return command;
    }

    /// <summary>The option that chooses among a version's platforms.</summary>
    internal static Option<string?> Platform() => new("--platform") { Description = "A platform, linux/arm64, or its architecture alone. Default: the version's first." };

    internal static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}

/// <summary>JSON of what is listed and shown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(LayerDescriptionConverter), typeof(DigestConverter), typeof(PlatformConverter)])]
[JsonSerializable(typeof(LayerInfo[]))]
[JsonSerializable(typeof(LayerVersionInfo))]
[JsonSerializable(typeof(LayerLibraryInfo[]))]
[JsonSerializable(typeof(IndexedEntry[]))]
[JsonSerializable(typeof(SymbolLine[]))]
[JsonSerializable(typeof(LayerUserInfo[]))]
[JsonSerializable(typeof(SearchHitInfo[]))]
[JsonSerializable(typeof(SavedDocument))]
[JsonSerializable(typeof(DeletedLayer))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
