using System.CommandLine;
using Strata.Artifacts.Layers;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Catalogue;

/// <summary>How layers and versions stand to one another: <c>strata layers used-by|compare</c>.</summary>
internal static class LayersRelationCommands
{
    private const int MostUnits = 5;
    private static readonly HubArguments Hub = new();

    internal static Command UsedBy()
    {
        var layer = LayerName.Argument("all of them");
        return Hub.AddTo(new Command("used-by", "List the services that have a layer on units, and the units; of one version also those that it was composed for or whose needs lead to it.") { layer })
            .Runs("strata layers used-by pylibs@1.0.0 --key pki/aos-user-oem.p12", async (parsed, terminal, cancellation) =>
            {
                var named = LayerName.Of(parsed.GetRequiredValue(layer));
                using var hub = Hub.Access(parsed).Connect();
                var users = (await hub.LayerUsersAsync(named.Name, named.Version, cancellation)).ToArray();
                terminal.Result(users, CatalogueJson.Default.LayerUserInfoArray, text =>
                {
                    if (users.Length == 0) text.WriteLine("No service that you may see uses it.");
                    else Table.Write(text, ["SERVICE", "VERSION", "OWNER", "LAYER VERSION", "BY", "UNITS"], users.Select(u => new[] { u.Codename, u.Version, u.Owner, u.Layer, string.Join(", ", u.How), Units(u.Units) }));
                });
                return ExitCode.Ok;
            });
    }

    internal static Command Compare()
    {
        var layer = new Argument<string>("layer") { Description = "Codename, alias or UID of the layer." };
        var from = new Argument<string>("from") { Description = "The older version." };
        var to = new Argument<string>("to") { Description = "The newer version." };
        var platform = LayersCommand.Platform();
        var isStrict = new Option<bool>("--strict") { Description = "End with exit code 3 when the version step does not say what changed." };
        var all = new Option<bool>("--all") { Description = $"Show every change, not only the first {LayerCompareCommand.MostShown} of a kind." };
        return Hub.AddTo(new Command("compare", "Compare two published versions of a layer: files, libraries, symbols, sizes, and whether the version step is honest.") { layer, from, to, platform, isStrict, all })
            .Runs("strata layers compare pylibs 1.0.0 1.1.0 --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                LayerCompareResult result;
                using (terminal.Begin("Compare"))
                    result = await CompareAsync(hub, parsed.GetRequiredValue(layer), parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(platform), cancellation);
                return LayerCompareCommand.Show(terminal, result, parsed.GetValue(all) ? int.MaxValue : LayerCompareCommand.MostShown, parsed.GetValue(isStrict));
            });
    }

    private static async Task<LayerCompareResult> CompareAsync(HubClient hub, string layer, string from, string to, string? platform, CancellationToken cancellation)
    {
        var (libraries, paths, symbols) = (new List<LibraryChangeInfo>(), new List<PathChangeInfo>(), new List<SymbolChangeInfo>());
        LayerComparisonInfo part;
        var offset = 0;
        do
        {
            part = await hub.CompareLayersAsync(layer, from, to, platform, offset, cancellation);
            libraries.AddRange(part.Libraries.Items);
            paths.AddRange(part.Paths.Items);
            symbols.AddRange(part.Symbols.Items);
            var most = Math.Max(part.Libraries.Items.Length, Math.Max(part.Paths.Items.Length, part.Symbols.Items.Length));
            if (most == 0) break;
            offset += most;
        }
        while (libraries.Count < part.Libraries.Total || paths.Count < part.Paths.Total || symbols.Count < part.Symbols.Total);
        var found = new LayerComparison(
            Side(part.From), Side(part.To),
            [.. paths.Select(p => new PathChange(p.Path, p.What, Step(p.Needs)))],
            [.. libraries.Select(l => new LibraryChange(l.Type, l.Name, l.Old, l.New, Step(l.Needs)))],
            [.. symbols.Select(s => new SymbolChange(s.Soname, s.Symbol, s.What == "removed"))]);
        return new(part.From.Version, part.To.Version, found, found.Needed, VersionVerdict.Of(part.From.Version, part.To.Version, found.Needed, found.Old.DiffId == found.New.DiffId));
    }

    private static ComparedLayer Side(ComparedSideInfo side) => new(side.DiffId, side.Size, side.UnpackedSize, side.Entries);

    private static VersionStep Step(string word) => Enum.TryParse<VersionStep>(word, ignoreCase: true, out var step) ? step
        : throw new CommandFailure(ExitCode.Failed, $"The hub answers with a version step '{Quote.Short(word)}' that is not known here. Are hub and strata of one release?");

    private static string Units(string[] units) => units.Length == 0 ? "-" : string.Join(", ", units.Take(MostUnits)) + (units.Length > MostUnits ? $" and {units.Length - MostUnits} more" : "");
}
