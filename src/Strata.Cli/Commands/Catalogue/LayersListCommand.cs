using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Catalogue;

/// <summary><c>strata layers list</c>.</summary>
internal static class LayersListCommand
{
    private static readonly HubArguments Hub = new();

    internal static Command Create()
    {
        var search = new Option<string?>("--search") { Description = "Text in the codename, an alias, the title or the UID." };
        var owner = new Option<string?>("--owner") { Description = "Domain of the OEM." };
        var platform = new Option<string?>("--platform") { Description = "A platform, linux/arm64, or its architecture alone, of some version." };
        var state = new Option<string?>("--state") { Description = "State of some version, for the platform if one is given." };
        state.AcceptOnlyFromAmong("candidate", "released", "deprecated", "yanked", "retired");
        var feature = new Option<string?>("--feature") { Description = "An OS feature of the newest version with that platform and state." };
        var used = new Option<bool?>("--used") { Description = "Only layers that services have on units; --used false: only the others." };
        return Hub.AddTo(new Command("list", "List layers with their newest versions and platforms.") { search, owner, platform, state, feature, used })
            .Runs("strata layers list --platform arm64 --state released --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var query = new LayerQuery(
                    parsed.GetValue(search), parsed.GetValue(owner), parsed.GetValue(platform), parsed.GetValue(state), parsed.GetValue(feature), parsed.GetValue(used) switch { true => "true", false => "false", _ => null });
                var layers = (await hub.LayersAsync(query, cancellation)).ToArray();
                terminal.Result(layers, CatalogueJson.Default.LayerInfoArray, text =>
                {
                    if (layers.Length > 0) Table.Write(text, ["CODENAME", "ALIASES", "OWNER", "PLATFORMS", "VERSIONS", "UID"], layers.Select(Row));
                    else text.WriteLine(query == new LayerQuery() ? "No layer is published, or none is shared with you." : "No layer that is shared with you fits.");
                });
                return ExitCode.Ok;
            });
    }

    private static string[] Row(LayerInfo layer) =>
    [
        layer.IsRecommended ? $"{layer.Codename} (recommended)" : layer.Codename, string.Join(", ", layer.Aliases), layer.Owner, string.Join(", ", layer.Platforms),
        string.Join(", ", layer.Versions.Select(v => v.Lifecycle.State == "released" ? v.Version : $"{v.Version} ({v.Lifecycle.State})"))
            + (layer.VersionCount > layer.Versions.Length ? $" and {layer.VersionCount - layer.Versions.Length} older" : ""),
        layer.Id,
    ];
}
