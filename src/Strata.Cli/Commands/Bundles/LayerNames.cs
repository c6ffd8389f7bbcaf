using System.Text.Json;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Json;
using Strata.Artifacts.Yaml;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Cli.Commands.Bundles;

/// <summary>Holds the layers that a configuration asks for to those that a hub, or an export of its catalogue, knows.</summary>
/// <param name="access">How the user says that the hub is reached.</param>
/// <param name="folder">The folder of config.yaml, where the certificate is looked for.</param>
internal sealed class LayerNames(HubAccess access, string folder)
{
    private const long MaxCatalogueBytes = 256L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Notes a mistake for each need that nothing known meets.</summary>
    /// <returns>What could not be checked.</returns>
    public async Task<IReadOnlyList<Mistake>> CheckAsync(BundleOutline outline, string? catalogue, bool isOffline, MistakeList mistakes, CancellationToken cancellation)
    {
        IReadOnlyList<Known> known;
        try
        {
            known = catalogue is not null ? FromFile(catalogue)
                : isOffline ? throw new CommandFailure(ExitCode.Unavailable, "--offline was given.")
                : await FromHubAsync(outline.Config, cancellation);
        }
        catch (CommandFailure unreachable) when (catalogue is null)
        {
            var open = new MistakeList(mistakes.File);
            foreach (var need in outline.Needs)
                open.Add(need.Mark, $"Could not check whether the layer '{Quote.Short(need.Need.Layer)}' is known: {unreachable.Message.Split('\n')[0]}");
            return open.All;
        }
        var brought = outline.Config.Items.Where(i => i.Type == ItemType.Layer).Select(i => i.Codename).ToHashSet(StringComparer.Ordinal);
        foreach (var need in outline.Needs.Where(n => !brought.Contains(n.Need.Layer))) Check(need, known, mistakes);
        return [];
    }

    private static void Check(PlacedNeed need, IReadOnlyList<Known> known, MistakeList mistakes)
    {
        var name = need.Need.Layer;
        var meant = known.Where(k => k.Names.Contains(name)).ToList();
        if (meant.Count == 0)
        {
            var hint = NearestName.To(name, known.SelectMany(k => k.Names)) is { } near ? $"did you mean '{near}'?"
                : known.Count == 0 ? "there are none yet." : $"known are {string.Join(", ", known.Select(k => k.Codename).Distinct().Order(StringComparer.Ordinal).Take(10))}.";
            mistakes.Add(need.Mark, $"Nothing knows a layer '{Quote.Short(name)}'; {hint}");
        }
        else if (!meant.SelectMany(k => k.Versions).Any(need.Need.Range.Contains))
        {
            var versions = meant.SelectMany(k => k.Versions).OrderDescending().Take(5).Select(v => v.ToString()).ToList();
            mistakes.Add(need.Mark, $"No version of the layer '{Quote.Short(name)}' is in {need.Need.Range}; {(versions.Count == 0 ? "it has none" : $"there are {string.Join(", ", versions)}")}.");
        }
    }

    private async Task<IReadOnlyList<Known>> FromHubAsync(BundleConfig config, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var hub = access.Connect(access.UserKey(folder, config.TlsKey, "publish.tlsKey"), config.Domain);
            var needed = config.Items.SelectMany(i => i.Needs).Select(n => n.Layer).ToHashSet(StringComparer.Ordinal);
            var known = new List<Known>();
            foreach (var layer in await hub.LayersAsync(new(), limit.Token))
            {
                string[] names = [layer.Codename, layer.Id, $"{layer.Codename}.{layer.Owner}", .. layer.Aliases];
                // The list tells the newest versions; of what the bundle needs, all count.
                var whole = layer.Versions.Length < layer.VersionCount && names.Any(needed.Contains) ? await hub.LayerAsync(layer.Id, limit.Token) : layer;
                known.Add(new(layer.Codename, [.. names], [.. whole.Versions.Select(v => SemanticVersion.TryParse(v.Version, out var version, out _) ? version : null).OfType<SemanticVersion>()]));
            }
            return known;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Unavailable, "The hub did not answer in time.");
        }
    }

    private static Known[] FromFile(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MaxCatalogueBytes } large) throw new CommandFailure(ExitCode.Refused, $"{file} has {large.Length} bytes; that is no catalogue.");
            var catalogue = CatalogueDocument.Read(File.ReadAllBytes(file));
            return [.. catalogue.Layers.Select(l => new Known(
                l.Key.Codename, [l.Key.Codename, l.Id.ToString(), $"{l.Key.Codename}.{l.Key.Owner}", .. l.Aliases], [.. l.Releases.Select(r => r.Version)]))];
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{file} cannot be read: {problem.Message} Export one from the hub, or leave --catalogue out.");
        }
    }

    private sealed record Known(string Codename, HashSet<string> Names, SemanticVersion[] Versions);
}
