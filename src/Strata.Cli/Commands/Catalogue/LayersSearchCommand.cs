using System.CommandLine;
using Strata.Artifacts.Layers;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Catalogue;

/// <summary><c>strata layers search</c>.</summary>
internal static class LayersSearchCommand
{
    private const int Shown = 50;
    private static readonly HubArguments Hub = new();

    internal static Command Create()
    {
        var words = new Argument<string[]>("words") { Description = "Words that all stand in a layer's name, a library's name, version, licence or soname, or a file's path.", Arity = ArgumentArity.OneOrMore };
        var kind = new Option<string?>("--kind") { Description = "Only layers, only libraries or only files." };
        kind.AcceptOnlyFromAmong("layer", "library", "file");
        var owner = new Option<string?>("--owner") { Description = "Domain of the OEM." };
        var platform = new Option<string?>("--platform") { Description = "A platform, as linux/arm64." };
        var feature = new Option<string?>("--feature") { Description = "An OS feature." };
        var state = new Option<string?>("--state") { Description = "State of a version that holds it." };
        state.AcceptOnlyFromAmong("candidate", "released", "deprecated", "yanked", "retired");
        var limit = new Option<int>("--limit") { Description = "Hits to show at most.", DefaultValueFactory = _ => Shown };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--limit: 1 or more is expected.");
        });
        return Hub.AddTo(new Command("search", "Find layers, and libraries and files in any version of them.") { words, kind, owner, platform, feature, state, limit })
            .Runs("strata layers search libssl.so.3 --kind library --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var query = new SearchQuery(
                    string.Join(' ', parsed.GetRequiredValue(words)), parsed.GetValue(kind), parsed.GetValue(owner), parsed.GetValue(platform), parsed.GetValue(feature), parsed.GetValue(state));
                var (hits, page, most) = (new List<SearchHitInfo>(), (SearchInfo?)null, parsed.GetValue(limit));
                do
                {
                    page = await hub.SearchAsync(query, most - hits.Count, page?.NextCursor, cancellation);
                    hits.AddRange(page.Items);
                }
                while (page.NextCursor is not null && hits.Count < most);
                terminal.Result([.. hits], CatalogueJson.Default.SearchHitInfoArray, text =>
                {
                    if (hits.Count == 0) text.WriteLine("Nothing that is shared with you fits.");
                    else Table.Write(text, ["KIND", "NAME", "VERSION", "LAYER", "IN VERSIONS", "PLATFORM", "LICENCE"], hits.Select(Row));
                });
                if (page.NextCursor is not null) terminal.Note($"There is more; --limit shows more than {most}.");
                if (page.Behind > 0) terminal.Note($"The hub has not looked into its last {page.Behind} changes yet; what they brought is found soon.");
                return ExitCode.Ok;
            });
    }

    private static string[] Row(SearchHitInfo hit) =>
    [
        hit.Kind, LayerLine.Escaped(hit.Name), hit.Version ?? "", hit.Layer,
        hit.Versions.Length == 0 ? hit.LayerVersion : string.Join(", ", hit.Versions.Select(s => s.First == s.Last ? s.First : $"{s.First} to {s.Last}")),
        hit.Platform ?? "", hit.License ?? "",
    ];
}
