using System.CommandLine;
using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Cli.Commands.Bundles;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Bundles;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Cli.Commands.Services;

/// <summary><c>strata resolve</c>: what the hub would choose, chosen here by the same pure function.</summary>
internal static class ResolveCommand
{
    private const long MaxCatalogueBytes = 256L << 20;
    private static readonly HubArguments Hub = new();

    public static Command Create()
    {
        var services = new Argument<string[]>("services") { Description = "Files such as config.yaml, or codenames of services at the hub.", Arity = ArgumentArity.OneOrMore };
        var catalogue = new Option<string?>("--catalogue") { Description = "A catalogue as a file; else the hub's is asked for." };
        var oem = new Option<string?>("--oem") { Description = "Domain of the OEM whose layers bare names mean; not needed while the catalogue has one owner." };
        var platform = new Option<string?>("--platform") { Description = "Such as linux/amd64; else those that the service has images for." };
        var @base = new Option<string?>("--base") { Description = "Identity of the unit's base, sha256:...; without it no base is checked." };
        return Hub.AddTo(new("resolve", "Show which layer versions a service gets, and why.") { services, catalogue, oem, platform, @base })
            .Runs("strata resolve samples/services/config.yaml --catalogue catalogue.json", async (parsed, terminal, cancellation) =>
            {
                using var hub = new Lazy(() => Hub.Access(parsed).Connect());
                var snapshot = await CatalogueAsync(parsed.GetValue(catalogue), hub, cancellation);
                var asked = new List<(ServiceNeeds Needs, IEnumerable<Platform> Platforms)>();
                foreach (var name in parsed.GetRequiredValue(services)) asked.AddRange(await NeedsAsync(name, hub, cancellation));
                var results = Resolve(snapshot, Oem(parsed.GetValue(oem), snapshot), asked, Platform(parsed.GetValue(platform)), Base(parsed.GetValue(@base)));
                terminal.Result(results, ServiceJson.Default.ResolvedServiceArray, text =>
                {
                    foreach (var result in results) Write(text, result);
                });
                return ExitCode.Ok;
            });
    }

    /// <exception cref="CommandFailure">At least one service cannot be served; the message holds every reason.</exception>
    private static ResolvedService[] Resolve(
        Model.Catalogues.Catalogue catalogue, string oem, IEnumerable<(ServiceNeeds Needs, IEnumerable<Platform> Platforms)> services, Platform? platform, Digest? @base)
    {
        var results = new List<ResolvedService>();
        var unmet = new List<string>();
        foreach (var (needs, platforms) in services)
        {
            foreach (var each in platform is null ? platforms : [platform])
            {
                switch (Resolver.Resolve(catalogue, new(oem, each, @base), [needs]))
                {
                    case Resolution.Resolved resolved:
                        results.Add(new(needs.Service, oem, each.ToString(), resolved.CatalogueSequence, [.. resolved.Stacks[0].Layers.Select(Of)], [.. resolved.Stacks[0].Reasons]));
                        break;
                    case Resolution.Unmet refused:
                        unmet.AddRange(refused.Services.SelectMany(s => s.Reasons).Select(r => $"{needs.Service} on {each}: {r}"));
                        break;
                }
            }
        }
        return unmet.Count == 0 ? [.. results] : throw new CommandFailure(ExitCode.Refused, $"Not every need can be met:\n  {string.Join("\n  ", unmet)}");
    }

    private static LayerReference Of(ChosenLayer layer) => new(
        layer.Release.Layer.Owner, layer.Release.Layer.Codename, layer.Release.Version.ToString(),
        layer.Image.Digest.ToString(), layer.Image.DiffId.ToString(), layer.Image.Size);

    private static async Task<Model.Catalogues.Catalogue> CatalogueAsync(string? file, Lazy hub, CancellationToken cancellation)
    {
        var what = file ?? "the hub's catalogue";
        try
        {
            if (file is not null && new FileInfo(file) is { Exists: true, Length: > MaxCatalogueBytes } large)
                throw new CommandFailure(ExitCode.Refused, $"{file} has {large.Length} bytes; that is no catalogue.");
            var bytes = file is null ? await hub.Client.CatalogueAsync(cancellation) : await File.ReadAllBytesAsync(file, cancellation);
            return CatalogueDocument.Read(bytes);
        }
        catch (JsonException problem)
        {
            throw new CommandFailure(ExitCode.Refused, $"{what} cannot be read: {problem.Message}");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{what} cannot be read: {missing.Message} Export one from the hub, or leave --catalogue out.");
        }
    }

    /// <summary>The needs in a configuration, or those of a service's newest version at the hub.</summary>
    private static async Task<IEnumerable<(ServiceNeeds, IEnumerable<Platform>)>> NeedsAsync(string name, Lazy hub, CancellationToken cancellation)
    {
        if (File.Exists(name) || name.Contains('/', StringComparison.Ordinal) || name.EndsWith(".yaml", StringComparison.Ordinal))
            return BundleSigning.Read(name).Config.Items.Where(i => i.Type == ItemType.Service)
                .Select(i => (new ServiceNeeds(i.Codename, i.Needs), i.Images.Select(image => image.Platform)));
        var service = await hub.Client.ServiceAsync(name, cancellation);
        var newest = service.Versions[0];
        return [(new ServiceNeeds(service.Codename, newest.Needs.Select(Need).ToEquatableList()), newest.Platforms.Select(p => Platform(p)!))];
    }

    private static LayerNeed Need(NeedInfo need)
    {
        if (need.Versions is null) return new(need.Layer, VersionRange.Any);
        var (range, problem) = VersionRange.FromComparators(need.Versions, need.IncludePreRelease);
        return new(need.Layer, range ?? throw new CommandFailure(ExitCode.Failed, $"The hub states a need that is not understood: {problem} Are hub and strata of one release?"));
    }

    private static string Oem(string? given, Model.Catalogues.Catalogue catalogue)
    {
        if (given is not null) return given;
        var owners = catalogue.Layers.Select(l => l.Key.Owner).Distinct().ToList();
        return owners.Count <= 1
            ? owners.FirstOrDefault() ?? "any OEM"
            : throw new CommandFailure(ExitCode.Usage, $"The catalogue has layers of {string.Join(", ", owners)}. Say with --oem whose units are meant.");
    }

    private static Platform? Platform(string? text) => text?.Split('/') switch
    {
        null => null,
        [var os, var architecture] => new(architecture, os),
        [var os, var architecture, var variant] => new(architecture, os) { Variant = variant },
        _ => throw new CommandFailure(ExitCode.Usage, $"'{Quote.Short(text)}' is no platform; write one such as linux/amd64."),
    };

    private static Digest? Base(string? text) => text is null ? null
        : Digest.TryParse(text, null, out var digest) ? digest
        : throw new CommandFailure(ExitCode.Usage, $"'{Quote.Short(text)}' is no identity of a base; 'strata target show' prints it.");

    private static void Write(TextWriter text, ResolvedService result)
    {
        text.WriteLine($"{result.Service} on {result.Platform}, layers of {result.Oem}");
        foreach (var layer in result.Layers) text.WriteLine($"  {layer.Codename} {layer.Version}  {layer.Digest}");
        foreach (var reason in result.Reasons) text.WriteLine($"  {reason}");
    }

    /// <summary>A client that is made when somebody asks the hub, and not before: a file needs none.</summary>
    private sealed class Lazy(Func<HubClient> connect) : IDisposable
    {
        private HubClient? _client;

        public HubClient Client => _client ??= connect();

        public void Dispose() => _client?.Dispose();
    }
}
