using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Units;

/// <summary><c>strata subject</c>: what joins services with units. <c>strata unit assign</c> is the short way for one unit.</summary>
internal static class SubjectCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create() => new("subject", "Join services with the units that shall have them.") { New(), List(), Show(), Assign(), Unassign(), Delete() };

    private static Command New()
    {
        var label = new Argument<string>("label") { Description = "What people call it; 1 to 128 characters." };
        var priority = new Option<int>("--priority") { Description = "0 to 999999; 0 when it is not given." };
        var single = new Option<bool>("--single") { Description = "It is one user, and no group of them." };
        return Hub.AddTo(new("new", "Make a subject.") { label, priority, single })
            .Runs("strata subject new \"all taxis\"", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var made = await hub.AddSubjectAsync(new(parsed.GetRequiredValue(label), !parsed.GetValue(single), parsed.GetValue(priority)), cancellation);
                terminal.Result(made, UnitJson.Default.SubjectInfo, text => text.WriteLine($"{made.Label}  {made.Id}"));
                return ExitCode.Ok;
            });
    }

    private static Command List() => Hub.AddTo(new("list", "List subjects."))
        .Runs("strata subject list", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var subjects = (await hub.SubjectsAsync(cancellation)).ToArray();
            terminal.Result(subjects, UnitJson.Default.SubjectInfoArray, text =>
            {
                if (subjects.Length == 0) text.WriteLine("There is no subject. Make one: strata subject new LABEL; or for one unit: strata unit assign SYSTEMID SERVICE");
                else Table.Write(text, ["SUBJECT", "PRIORITY", "SERVICES", "UNITS", "ID"], subjects.Select(s => new[] { s.Label, $"{s.Priority}", $"{s.ServiceIds.Length}", $"{s.SystemUids.Length}", s.Id }));
            });
            return ExitCode.Ok;
        });

    private static Command Show()
    {
        var name = Named();
        return Hub.AddTo(new("show", "Show a subject with its services and units.") { name })
            .Runs("strata subject show \"all taxis\"", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                await TellAsync(hub, await FindAsync(hub, parsed.GetRequiredValue(name), cancellation), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    private static Command Assign()
    {
        var (name, services, units) = (Named(), Services(), Units());
        return Hub.AddTo(new("assign", "Add services and units to a subject: each of its units gets each of its services.") { name, services, units })
            .Runs("strata subject assign \"all taxis\" --service weather --unit car-0001 car-0002", async (parsed, terminal, cancellation) =>
            {
                var (asked, members) = Asked(parsed.GetValue(services), parsed.GetValue(units));
                using var hub = Hub.Access(parsed).Connect();
                var subject = await FindAsync(hub, parsed.GetRequiredValue(name), cancellation);
                // The hub refuses to add again what is there; saying it twice here is no mistake.
                var ids = new List<string>();
                foreach (var service in asked) ids.Add((await hub.ServiceAsync(service, cancellation)).Id);
                var missing = ids.Except(subject.ServiceIds).ToList();
                if (missing.Count > 0) subject = await hub.AssignServicesAsync(subject.Id, missing, cancellation);
                var absent = members.Except(subject.SystemUids).ToList();
                if (absent.Count > 0) subject = await hub.AssignUnitsAsync(subject.Id, absent, cancellation);
                await TellAsync(hub, subject, terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    private static Command Unassign()
    {
        var (name, services, units) = (Named(), Services(), Units());
        return Hub.AddTo(new("unassign", "Take services and units out of a subject.") { name, services, units })
            .Runs("strata subject unassign \"all taxis\" --unit car-0002", async (parsed, terminal, cancellation) =>
            {
                var (asked, members) = Asked(parsed.GetValue(services), parsed.GetValue(units));
                using var hub = Hub.Access(parsed).Connect();
                var subject = await FindAsync(hub, parsed.GetRequiredValue(name), cancellation);
                foreach (var service in asked) await hub.UnassignServiceAsync(subject.Id, service, cancellation);
                foreach (var unit in members) await hub.UnassignUnitAsync(subject.Id, unit, cancellation);
                await TellAsync(hub, await hub.SubjectAsync(subject.Id, cancellation), terminal, cancellation);
                return ExitCode.Ok;
            });
    }

    private static Command Delete()
    {
        var name = Named();
        return Hub.AddTo(new("delete", "Delete a subject that brings nothing to anybody.") { name })
            .Runs("strata subject delete \"all taxis\"", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var subject = await FindAsync(hub, parsed.GetRequiredValue(name), cancellation);
                await hub.DeleteSubjectAsync(subject.Id, cancellation);
                terminal.Result(new("subject", subject.Label), UnitJson.Default.Removed, text => text.WriteLine($"deleted: subject {subject.Label}"));
                return ExitCode.Ok;
            });
    }

    private static Argument<string> Named() => new("subject") { Description = "The subject's label or id." };

    private static Option<string[]> Services() => new("--service") { Description = "Codenames or ids of services.", AllowMultipleArgumentsPerToken = true };

    private static Option<string[]> Units() => new("--unit") { Description = "System ids of units.", AllowMultipleArgumentsPerToken = true };

    private static (string[] Services, string[] Units) Asked(string[]? services, string[]? units) => (services ?? [], units ?? []) is var asked && asked is ({ Length: 0 }, { Length: 0 })
        ? throw new CommandFailure(ExitCode.Usage, "Nothing is named: give --service, --unit or both.")
        : asked;

    /// <summary>The subject that <paramref name="name"/> means. Labels need not be unique, so that one may mean several.</summary>
    private static async Task<SubjectInfo> FindAsync(HubClient hub, string name, CancellationToken cancellation)
    {
        if (Guid.TryParse(name, out _)) return await hub.SubjectAsync(name, cancellation);
        var found = (await hub.SubjectsAsync(cancellation)).Where(s => s.Label == name).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CommandFailure(ExitCode.Refused, $"There is no subject '{Quote.Short(name)}', or it is not yours. 'strata subject list' shows those that are."),
            _ => throw new CommandFailure(ExitCode.Usage, $"'{Quote.Short(name)}' is the label of {found.Count} subjects; name one by its id: {string.Join(", ", found.Select(s => s.Id))}."),
        };
    }

    private static async Task TellAsync(HubClient hub, SubjectInfo subject, Terminal terminal, CancellationToken cancellation)
    {
        var services = subject.ServiceIds.Length == 0 ? [] : (await hub.ServicesAsync(cancellation)).ToDictionary(s => s.Id, s => s.Codename);
        terminal.Result(subject, UnitJson.Default.SubjectInfo, text =>
        {
            text.WriteLine($"{subject.Label}  {subject.Id}");
            text.WriteLine($"services  {Some(subject.ServiceIds.Select(id => services.GetValueOrDefault(id, id)))}");
            text.WriteLine($"units     {Some(subject.SystemUids)}");
        });
    }

    private static string Some(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } some ? some : "none";
}
