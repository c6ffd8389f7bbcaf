using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Units;

/// <summary><c>strata unit set</c>, <c>unassign</c> and <c>delete</c>.</summary>
internal static class UnitSettingCommands
{
    private static readonly HubArguments Hub = new();

    public static Command Set()
    {
        var id = UnitCommand.SystemId();
        var model = new Option<string?>("--model") { Description = "Name or id of a unit model; its target is then the unit's." };
        var target = new Option<string?>("--target") { Description = "Name of a published target, for a unit that is of no model." };
        var fleet = new Option<string?>("--fleet-owner") { Description = "Domain of the fleet owner in whose fleet it runs." };
        var none = new Option<string[]>("--none") { Description = "What it shall have no more: model, target, fleet-owner.", AllowMultipleArgumentsPerToken = true };
        none.AcceptOnlyFromAmong("model", "target", "fleet-owner");
        return Hub.AddTo(new("set", "Say anew of what model, on what target and in whose fleet a unit is; what is not named stays.") { id, model, target, fleet, none })
            .Runs("strata unit set car-0001 --model car --fleet-owner taxis.example", async (parsed, terminal, cancellation) =>
            {
                var gone = parsed.GetValue(none) ?? [];
                var (newModel, newTarget, newFleet) = (parsed.GetValue(model), parsed.GetValue(target), parsed.GetValue(fleet));
                foreach (var (name, value) in new[] { ("model", newModel), ("target", newTarget), ("fleet-owner", newFleet) })
                    if (value is not null && gone.Contains(name)) throw new CommandFailure(ExitCode.Usage, $"--{name} and --none {name} contradict each other.");
                if (newModel is not null && newTarget is not null) throw new CommandFailure(ExitCode.Usage, "A model says the target: give --model or --target.");
                if (gone.Length == 0 && newModel is null && newTarget is null && newFleet is null) throw new CommandFailure(ExitCode.Usage, "Nothing is named: give --model, --target, --fleet-owner or --none.");
                using var hub = Hub.Access(parsed).Connect();
                var unit = await hub.UnitAsync(parsed.GetRequiredValue(id), cancellation);
                var keptModel = newModel ?? (newTarget is not null || gone.Contains("model") ? null : unit.Model);
                var keptTarget = newTarget ?? (keptModel is not null || gone.Contains("target") ? null : unit.Target);
                var changed = await hub.ChangeUnitAsync(unit.SystemUid, new(keptTarget, keptModel, newFleet ?? (gone.Contains("fleet-owner") ? null : unit.FleetOwner)), cancellation);
                terminal.Result(changed, UnitJson.Default.UnitInfo, text => UnitCommand.Write(text, changed));
                return ExitCode.Ok;
            });
    }

    public static Command Unassign()
    {
        var id = UnitCommand.SystemId();
        var services = new Argument<string[]>("services") { Description = "Codenames or ids.", Arity = ArgumentArity.OneOrMore };
        return Hub.AddTo(new("unassign", "Take services from a unit that 'unit assign' gave to it.") { id, services })
            .Runs("strata unit unassign car-0001 weather", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var (unit, names) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(services));
                var subjects = (await hub.SubjectsAsync(cancellation)).Where(s => s.SystemUids.Contains(unit)).ToList();
                var own = subjects.FirstOrDefault(s => s.Label == UnitCommand.OwnSubject(unit));
                foreach (var name in names)
                {
                    var service = (await hub.ServiceAsync(name, cancellation)).Id;
                    if (own?.ServiceIds.Contains(service) == true) await hub.UnassignServiceAsync(own.Id, service, cancellation);
                    var others = subjects.Where(s => s.Id != own?.Id && s.ServiceIds.Contains(service)).Select(s => s.Label).ToList();
                    if (others.Count > 0)
                        throw new CommandFailure(ExitCode.Refused, $"{unit} has {name} by the subject {string.Join(" and ", others.Select(o => $"'{o}'"))}, which may be others', too. Take one of the two out of it: strata subject unassign");
                }
                terminal.Result(new(unit, own?.Id ?? "", names), UnitJson.Default.Assignment, text => text.WriteLine($"{unit} is no longer given {string.Join(", ", names)}."));
                return ExitCode.Ok;
            });
    }

    public static Command Delete()
    {
        var id = UnitCommand.SystemId();
        return Hub.AddTo(new("delete", "Delete a unit that is in no subject and not connected.") { id })
            .Runs("strata unit delete car-0001", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                await hub.DeleteUnitAsync(parsed.GetRequiredValue(id), cancellation);
                terminal.Result(new("unit", parsed.GetRequiredValue(id)), UnitJson.Default.Removed, text => text.WriteLine($"deleted: unit {parsed.GetRequiredValue(id)}"));
                return ExitCode.Ok;
            });
    }
}
