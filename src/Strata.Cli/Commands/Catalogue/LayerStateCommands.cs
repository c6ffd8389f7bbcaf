using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Catalogue;

/// <summary><c>strata layers release|candidate|deprecate|yank|retire|delete</c>: where a version stands in its life.</summary>
internal static class LayerStateCommands
{
    private static readonly HubArguments Hub = new();

    public static IEnumerable<Command> Create() => [Release(), Candidate(), Deprecate(), Yank(), Retire(), Delete()];

    private static Command Release()
    {
        var layer = Version();
        return Moving(new("release", "Release a candidate, or take back that a version was deprecated or yanked.") { layer }, layer, "strata layers release pylibs@1.1.0", _ => new("released"));
    }

    private static Command Candidate()
    {
        var layer = new Argument<string>("layer") { Description = "NAME: its new versions start as candidates, chosen by nobody who does not ask for exactly them." };
        var off = new Option<bool>("--off") { Description = "New versions are released at once again." };
        return Hub.AddTo(new("candidate", "Let new versions of a layer start on trial.") { layer, off }).Runs("strata layers candidate pylibs", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var name = parsed.GetRequiredValue(layer);
            if (name.Contains('@', StringComparison.Ordinal))
                throw new CommandFailure(ExitCode.Usage, "What is published as released is no candidate any more: it may have been chosen. Name the layer alone, and its next versions start as candidates.");
            var isOn = !parsed.GetValue(off);
            var answer = await hub.SetLayerAsync(name, new(isOn), cancellation);
            terminal.Result(answer, CatalogueJson.Default.LayerInfo, text => text.WriteLine($"New versions of {answer.Codename} {(isOn ? "start as candidates. Release one with: strata layers release " + answer.Codename + "@VERSION" : "are released at once.")}"));
            return ExitCode.Ok;
        });
    }

    private static Command Deprecate()
    {
        var layer = Version();
        var successor = new Option<string?>("--successor") { Description = "The version of the same layer to take instead." };
        var ends = new Option<string?>("--ends") { Description = "The day on which it shall be gone, as 2027-01-31. Nothing happens by itself on it." };
        var reason = new Option<string?>("--reason") { Description = "Why, for those who use it." };
        return Moving(new("deprecate", "Say that a version will go. It is chosen as before, and every explanation says so.") { layer, successor, ends, reason }, layer,
            "strata layers deprecate pylibs@1.0.0 --successor 1.1.0 --ends 2027-01-31",
            parsed => new("deprecated", parsed.GetValue(reason), parsed.GetValue(successor), parsed.GetValue(ends)));
    }

    private static Command Yank()
    {
        var layer = Version();
        var reason = new Option<string>("--reason") { Description = "Why, for those who use it.", Required = true };
        return Moving(new("yank", "Take a version back: who has it keeps it until another fits, nobody else gets it.") { layer, reason }, layer,
            "strata layers yank pylibs@1.0.0 --reason \"loses data on power loss\"", parsed => new("yanked", parsed.GetRequiredValue(reason)));
    }

    private static Command Retire()
    {
        var layer = Version();
        var reason = new Option<string?>("--reason") { Description = "Why, for those who used it." };
        return Moving(new("retire", "End a yanked version, or a candidate, for good. What is in use stays, and the answer says who uses it.") { layer, reason }, layer,
            "strata layers retire pylibs@1.0.0", parsed => new("retired", parsed.GetValue(reason)));
    }

    private static Command Delete()
    {
        var layer = Version();
        return Hub.AddTo(new("delete", "Delete a version that nobody uses. Its number comes back with the same content only.") { layer }).Runs("strata layers delete pylibs@1.0.0", async (parsed, terminal, cancellation) =>
        {
            var (name, version) = Named(parsed.GetRequiredValue(layer));
            using var hub = Hub.Access(parsed).Connect();
            await hub.DeleteLayerAsync(name, version, cancellation);
            terminal.Result(new DeletedLayer(name, version), CatalogueJson.Default.DeletedLayer, text => text.WriteLine($"{name} {version} is deleted."));
            return ExitCode.Ok;
        });
    }

    private static Command Moving(Command command, Argument<string> layer, string example, Func<ParseResult, LayerState> state) =>
        Hub.AddTo(command).Runs(example, async (parsed, terminal, cancellation) =>
        {
            var (name, version) = Named(parsed.GetRequiredValue(layer));
            using var hub = Hub.Access(parsed).Connect();
            var answer = await hub.MoveLayerAsync(name, version, state(parsed), cancellation);
            terminal.Result(answer, CatalogueJson.Default.LayerInfo, text =>
            {
                var moved = answer.Versions.First(v => v.Version == version);
                text.WriteLine($"{answer.Codename} {version} is {moved.Lifecycle.Text}.");
                if (moved.UsedBy.Length > 0) text.WriteLine($"On units it is in {string.Join(", ", moved.UsedBy)}.");
            });
            return ExitCode.Ok;
        });

    private static Argument<string> Version() => new("layer") { Description = "NAME@VERSION; the name is a codename, an alias or a UID." };

    private static (string Name, string Version) Named(string text) => LayerName.Of(text) is { Version: { } version } named
        ? (named.Name, version)
        : throw new CommandFailure(ExitCode.Usage, $"'{text}' names no version; write NAME@VERSION, such as {text}@1.0.0.");
}

/// <summary>Result of <c>layers delete</c>.</summary>
internal sealed record DeletedLayer(string Layer, string Version);
