using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Catalogue;

/// <summary><c>strata layers share|hide|recommend|alias</c>: who may use a layer, to whom it is recommended, and what else it is called.</summary>
internal static class LayerSharingCommands
{
    private static readonly HubArguments Hub = new();

    public static IEnumerable<Command> Create() => [Share(), Hide(), Recommend(), Alias()];

    private static Command Share()
    {
        var (layer, with, everyone) = (Layer(), Providers("--with"), new Option<bool>("--everyone") { Description = "Share it with every service provider that it is not hidden from." });
        return Sharing(new("share", "Let service providers see and use a layer.") { layer, with, everyone }, layer, "strata layers share pylibs --with sp.example", with, everyone,
            new("shared"), new(IsOpen: true));
    }

    private static Command Hide()
    {
        var (layer, from, everyone) = (Layer(), Providers("--from"), new Option<bool>("--everyone") { Description = "Hide it from every service provider that it is not shared with by name." });
        return Sharing(new("hide", "Hide a layer from service providers: to them it is not there. Units keep what they have of it.") { layer, from, everyone }, layer,
            "strata layers hide pylibs --from sp.example", from, everyone, new("hidden"), new(IsOpen: false));
    }

    private static Command Recommend()
    {
        var (layer, to, everyone) = (Layer(), Providers("--to"), new Option<bool>("--everyone") { Description = "Recommend it to every service provider that may use it." });
        var withdraw = new Option<bool>("--withdraw") { Description = "Recommend it no longer to those." };
        return Hub.AddTo(new("recommend", "Recommend a layer to service providers. It is a hint for people and changes no choice.") { layer, to, everyone, withdraw })
            .Runs("strata layers recommend pylibs --to sp.example", (parsed, terminal, cancellation) =>
            {
                var isRecommended = !parsed.GetValue(withdraw);
                return RunAsync(parsed, layer, to, everyone, new(IsRecommended: isRecommended), new(IsRecommended: isRecommended), terminal, cancellation);
            });
    }

    private static Command Alias()
    {
        var layer = Layer();
        var add = new Argument<string[]>("alias") { Description = "Further names that needs may use; each is unique among your layers.", Arity = ArgumentArity.ZeroOrMore };
        var remove = new Option<string[]>("--remove") { Description = "Further names to take away; not while a service needs the layer by it." };
        return Hub.AddTo(new("alias", "Give a layer further names, or take some away.") { layer, add, remove }).Runs("strata layers alias pylibs python-libraries", async (parsed, terminal, cancellation) =>
        {
            var (name, added, removed) = (parsed.GetRequiredValue(layer), parsed.GetValue(add) ?? [], parsed.GetValue(remove) ?? []);
            if (added.Length + removed.Length == 0) throw new CommandFailure(ExitCode.Usage, "Name an alias to add, or one to take away with --remove.");
            using var hub = Hub.Access(parsed).Connect();
            var before = await hub.LayerAsync(name, cancellation); // by its UID it is found whatever it is called meanwhile
            foreach (var alias in removed) await hub.UnnameLayerAsync(before.Id, alias, cancellation);
            foreach (var alias in added) await hub.NameLayerAsync(before.Id, alias, cancellation);
            var after = await hub.LayerAsync(before.Id, cancellation);
            terminal.Result(after, CatalogueJson.Default.LayerInfo, text => text.WriteLine($"{after.Codename} is also called {(after.Aliases.Length == 0 ? "nothing else" : string.Join(", ", after.Aliases))}."));
            return ExitCode.Ok;
        });
    }

    private static Command Sharing(
        Command command, Argument<string> layer, string example, Option<string[]> providers, Option<bool> everyone, ProviderSharing one, LayerSharingChange all) =>
        Hub.AddTo(command).Runs(example, (parsed, terminal, cancellation) => RunAsync(parsed, layer, providers, everyone, one, all, terminal, cancellation));

    private static async Task<ExitCode> RunAsync(
        ParseResult parsed, Argument<string> layer, Option<string[]> providers, Option<bool> everyone, ProviderSharing one, LayerSharingChange all, Terminal terminal, CancellationToken cancellation)
    {
        var (name, named) = (parsed.GetRequiredValue(layer), parsed.GetValue(providers) ?? []);
        if (named.Length == 0 && !parsed.GetValue(everyone)) throw new CommandFailure(ExitCode.Usage, $"Say for whom: {providers.Name} DOMAIN, or --everyone.");
        using var hub = Hub.Access(parsed).Connect();
        LayerInfo? after = null;
        foreach (var provider in named) after = await hub.ShareLayerAsync(name, provider, one, cancellation);
        if (parsed.GetValue(everyone)) after = await hub.ShareLayerAsync(name, all, cancellation);
        terminal.Result(after!, CatalogueJson.Default.LayerInfo, text =>
        {
            foreach (var line in LayerWords.Of(after!)) text.WriteLine(line);
        });
        return ExitCode.Ok;
    }

    private static Argument<string> Layer() => new("layer") { Description = "A codename, an alias or a UID." };

    private static Option<string[]> Providers(string name) => new(name) { Description = "Domains of service providers.", AllowMultipleArgumentsPerToken = true };
}
