using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Units;

/// <summary><c>strata model</c>: kinds of units, and the target that all units of a kind run.</summary>
internal static class ModelCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create() => new("model", "Say what kinds of units there are, and which target each runs.") { New(), List(), Show(), Set(), Delete() };

    private static Command New()
    {
        var name = Named();
        var target = new Option<string>("--target") { Description = "Name of a published target.", Required = true };
        var version = new Option<string?>("--version") { Description = "The model's version; else 1.0.0." };
        return Hub.AddTo(new("new", "Make a unit model.") { name, target, version })
            .Runs("strata model new car --target debian-bookworm-amd64", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                Tell(terminal, await hub.AddUnitModelAsync(new(parsed.GetRequiredValue(name), parsed.GetRequiredValue(target), parsed.GetValue(version)), cancellation));
                return ExitCode.Ok;
            });
    }

    private static Command List() => Hub.AddTo(new("list", "List unit models."))
        .Runs("strata model list", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var models = (await hub.UnitModelsAsync(cancellation)).ToArray();
            terminal.Result(models, UnitJson.Default.UnitModelInfoArray, text =>
            {
                if (models.Length == 0) text.WriteLine("There is no unit model. Make one: strata model new NAME --target TARGET");
                else Table.Write(text, ["MODEL", "VERSION", "TARGET", "OWNER"], models.Select(m => new[] { m.Name, m.Version, m.Target, m.Owner }));
            });
            return ExitCode.Ok;
        });

    private static Command Show()
    {
        var name = Named();
        return Hub.AddTo(new("show", "Show a unit model and the units of it.") { name })
            .Runs("strata model show car", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var model = await hub.UnitModelAsync(parsed.GetRequiredValue(name), cancellation);
                var units = (await hub.UnitsAsync(cancellation)).Where(u => u.Owner == model.Owner && u.Model == model.Name).Select(u => u.SystemUid).ToArray();
                terminal.Result(new(model, units), UnitJson.Default.ShownModel, text =>
                {
                    text.WriteLine(Line(model));
                    text.WriteLine(units.Length == 0 ? "No unit is of it." : $"Units of it: {string.Join(", ", units)}");
                });
                return ExitCode.Ok;
            });
    }

    private static Command Set()
    {
        var name = Named();
        var newName = new Option<string?>("--name") { Description = "Another name." };
        var target = new Option<string?>("--target") { Description = "Another target; the units of the model follow." };
        var version = new Option<string?>("--version") { Description = "Another version." };
        return Hub.AddTo(new("set", "Change a unit model; what is not named stays.") { name, newName, target, version })
            .Runs("strata model set car --target debian-trixie-amd64 --version 2.0.0", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var model = await hub.UnitModelAsync(parsed.GetRequiredValue(name), cancellation);
                Tell(terminal, await hub.ChangeUnitModelAsync(model.Id, new(parsed.GetValue(newName) ?? model.Name, parsed.GetValue(target) ?? model.Target, parsed.GetValue(version) ?? model.Version), cancellation));
                return ExitCode.Ok;
            });
    }

    private static Command Delete()
    {
        var name = Named();
        return Hub.AddTo(new("delete", "Delete a unit model that no unit is of.") { name })
            .Runs("strata model delete car", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                await hub.DeleteUnitModelAsync(parsed.GetRequiredValue(name), cancellation);
                terminal.Result(new("model", parsed.GetRequiredValue(name)), UnitJson.Default.Removed, text => text.WriteLine($"deleted: model {parsed.GetRequiredValue(name)}"));
                return ExitCode.Ok;
            });
    }

    private static Argument<string> Named() => new("model") { Description = "The model's name or id." };

    private static void Tell(Terminal terminal, UnitModelInfo model) => terminal.Result(model, UnitJson.Default.UnitModelInfo, text => text.WriteLine(Line(model)));

    private static string Line(UnitModelInfo model) => $"{model.Name} {model.Version} of {model.Owner} runs {model.Target}.";
}
