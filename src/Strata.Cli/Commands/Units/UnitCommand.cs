using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Units;

/// <summary><c>strata unit</c>: registers units, gives them services, and shows how they are.</summary>
internal static class UnitCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create() => new("unit", "Register units, assign services to them, and see their state.")
    {
        New(), List(), Show(), UnitSettingCommands.Set(), Assign(), UnitSettingCommands.Unassign(), UnitSettingCommands.Delete(),
    };

    private static Command New()
    {
        var id = SystemId();
        var target = new Option<string?>("--target") { Description = "Name of the published target that the unit runs; only layers built on its base are then chosen." };
        var model = new Option<string?>("--model") { Description = "Name or id of a unit model, whose target the unit then runs." };
        var fleet = new Option<string?>("--fleet-owner") { Description = "Domain of the fleet owner in whose fleet it runs." };
        return Hub.AddTo(new("new", "Register a unit.") { id, target, model, fleet })
            .Runs("strata unit new car-0001 --target debian-bookworm-amd64", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                await hub.AddUnitAsync(new(parsed.GetRequiredValue(id), parsed.GetValue(target), parsed.GetValue(model), parsed.GetValue(fleet)), cancellation);
                await ShowAsync(hub, parsed.GetRequiredValue(id), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    private static Command List() => Hub.AddTo(new("list", "List units with what they run."))
        .Runs("strata unit list", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var units = (await hub.UnitsAsync(cancellation)).ToArray();
            terminal.Result(units, UnitJson.Default.UnitInfoArray, text =>
            {
                if (units.Length == 0) text.WriteLine("No unit is registered. Register one: strata unit new SYSTEMID");
                else Table.Write(text, ["UNIT", "STATE", "TARGET", "SERVICES", "OBSTACLES"], units.Select(u => new[]
                {
                    u.SystemUid, u.OnlineStatus, u.Target ?? "-", string.Join(", ", u.Items.Select(i => $"{i.Codename ?? i.Id} {i.Version}")), $"{u.Obstacles.Length}",
                }));
            });
            return ExitCode.Ok;
        });

    private static Command Show()
    {
        var id = SystemId();
        return Hub.AddTo(new("show", "Show a unit: what it shall have, what it has, and what stands in the way.") { id })
            .Runs("strata unit show car-0001", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                await ShowAsync(hub, parsed.GetRequiredValue(id), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    private static Command Assign()
    {
        var id = SystemId();
        var services = new Argument<string[]>("services") { Description = "Codenames or ids.", Arity = ArgumentArity.OneOrMore };
        return Hub.AddTo(new("assign", "Give services to a unit; it gets their newest versions from then on.") { id, services })
            .Runs("strata unit assign car-0001 weather planner", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var (unit, names) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(services));
                await hub.UnitAsync(unit, cancellation); // says so when there is none, before a subject is made for it
                // A subject of the unit's own joins it with its services; fleets have subjects that many units share.
                var label = OwnSubject(unit);
                var subject = (await hub.SubjectsAsync(cancellation)).FirstOrDefault(s => s.Label == label) ?? await hub.AddSubjectAsync(new(label, true, 0), cancellation);
                // The hub refuses to assign again what is assigned; saying it twice here is no mistake.
                var ids = new List<string>();
                foreach (var name in names) ids.Add((await hub.ServiceAsync(name, cancellation)).Id);
                var missing = ids.Except(subject.ServiceIds).ToList();
                if (missing.Count > 0) await hub.AssignServicesAsync(subject.Id, missing, cancellation);
                if (!subject.SystemUids.Contains(unit)) await hub.AssignUnitsAsync(subject.Id, [unit], cancellation);
                terminal.Result(new(unit, subject.Id, names), UnitJson.Default.Assignment, text => text.WriteLine($"{unit} has {string.Join(", ", names)}."));
                return ExitCode.Ok;
            });
    }

    /// <summary>Label of the subject that joins one unit with its services.</summary>
    public static string OwnSubject(string unit) => $"unit {unit}";

    public static Argument<string> SystemId() => new("system-id") { Description = "The unit's system id: the name in its certificate." };

    private static async Task ShowAsync(HubClient hub, string id, Terminal terminal, CancellationToken cancellation)
    {
        var unit = await hub.UnitAsync(id, cancellation);
        terminal.Result(unit, UnitJson.Default.UnitInfo, text => Write(text, unit));
    }

    public static void Write(TextWriter text, UnitInfo unit)
    {
        text.WriteLine($"{unit.SystemUid}  {unit.OnlineStatus}");
        text.WriteLine($"target    {unit.Target ?? "none: bases are not checked"}");
        if (unit.Model is { } model) text.WriteLine($"model     {model}");
        if (unit.FleetOwner is { } fleet) text.WriteLine($"fleet     {fleet}");
        text.WriteLine($"platform  {(unit.Platforms.Length == 0 ? "not reported yet" : string.Join(", ", unit.Platforms))}");
        if (unit.Storage is { } storage) text.WriteLine($"storage   {storage.Used} of {storage.Total} bytes");
        if (unit.Source == "fleet-file") text.WriteLine("What it has is assumed from the hub's fleet file; it has not spoken for itself yet.");
        foreach (var obstacle in unit.Obstacles) text.WriteLine($"obstacle  {obstacle}");
        text.WriteLine();
        Table.Write(text, ["SERVICE", "VERSION", "STATE", "LAYERS"], Rows(unit));
        foreach (var reason in unit.Desired.SelectMany(d => d.Reasons).Distinct()) text.WriteLine($"  {reason}");
    }

    /// <summary>What it has; and, as waiting, what it shall have and has not said that it has.</summary>
    private static IEnumerable<string[]> Rows(UnitInfo unit)
    {
        foreach (var item in unit.Items)
        {
            var states = unit.Instances.Where(i => i.ServiceId == item.Id).Select(i => i.State).Distinct();
            yield return [item.Codename ?? item.Id, item.Version, string.Join(", ", states.Prepend(item.State)) + (item.Error is { } error ? $": {error}" : ""), Layers(item.Layers)];
        }
        foreach (var desired in unit.Desired.Where(d => !unit.Items.Any(i => i.Id == d.Id && i.WireVersion == d.WireVersion)))
            yield return [desired.Codename, desired.Version, "wanted", Layers(desired.Layers)];
    }

    private static string Layers(LayerReference[] layers) => string.Join(", ", layers.Select(l => $"{l.Codename} {l.Version}"));
}
