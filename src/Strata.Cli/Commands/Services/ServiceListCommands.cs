using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Services;

/// <summary>What can be asked of services at the hub: <c>new</c>, <c>list</c>, <c>show</c>, <c>versions</c>, <c>delete</c>.</summary>
internal static class ServiceListCommands
{
    private static readonly HubArguments Hub = new();

    public static Command New()
    {
        var name = new Argument<string>("codename") { Description = "The service's name inside its owner." };
        var title = new Option<string?>("--title") { Description = "One line for people." };
        var description = new Option<string?>("--description") { Description = "What it is for." };
        return Hub.AddTo(new("new", "Make a service before its first bundle, so that it can be assigned already.") { name, title, description })
            .Runs("strata service new weather --title \"Weather along the road\"", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                Tell(terminal, await hub.AddServiceAsync(new(parsed.GetRequiredValue(name), parsed.GetValue(title), parsed.GetValue(description)), cancellation));
                return ExitCode.Ok;
            });
    }

    public static Command List() => Hub.AddTo(new("list", "List services with their newest versions."))
        .Runs("strata service list", async (parsed, terminal, cancellation) =>
        {
            using var hub = Hub.Access(parsed).Connect();
            var services = (await hub.ServicesAsync(cancellation)).ToArray();
            terminal.Result(services, ServiceJson.Default.ServiceInfoArray, text =>
            {
                if (services.Length == 0) text.WriteLine("There is no service. Publish one: strata service upload");
                else Table.Write(text, ["SERVICE", "VERSION", "VERSIONS", "OWNER", "TITLE"], services.Select(s => new[]
                {
                    s.Codename, s.Versions.Length > 0 ? s.Versions[0].Version : "-", $"{s.Versions.Length}", s.Owner, s.Title ?? "",
                }));
            });
            return ExitCode.Ok;
        });

    public static Command Show()
    {
        var name = Named();
        return Hub.AddTo(new("show", "Show a service: what its newest version needs, and what that resolves to now.") { name })
            .Runs("strata service show weather", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                Tell(terminal, await hub.ServiceAsync(parsed.GetRequiredValue(name), cancellation));
                return ExitCode.Ok;
            });
    }

    public static Command Versions()
    {
        var name = Named();
        return Hub.AddTo(new("versions", "List a service's versions, newest first.") { name })
            .Runs("strata service versions weather", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var versions = (await hub.ServiceAsync(parsed.GetRequiredValue(name), cancellation)).Versions;
                terminal.Result(versions, ServiceJson.Default.ServiceVersionInfoArray, text => Table.Write(text, ["VERSION", "PLATFORMS", "NEEDS", "UNMET", "ID"], versions.Select(v => new[]
                {
                    v.Version, string.Join(", ", v.Platforms), string.Join(", ", v.Needs.Select(Line)), $"{v.Resolved.Count(r => !r.IsMet)}", v.Id,
                })));
                return ExitCode.Ok;
            });
    }

    public static Command Delete()
    {
        var name = Named();
        var version = new Option<string?>("--version") { Description = "This version alone; else the service with all its versions." };
        return Hub.AddTo(new("delete", "Delete a service, or one version of it, that no unit has and no subject brings.") { name, version })
            .Runs("strata service delete weather --version 1.0.0", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var service = await hub.ServiceAsync(parsed.GetRequiredValue(name), cancellation);
                var what = service.Codename;
                if (parsed.GetValue(version) is { } one)
                {
                    var found = service.Versions.FirstOrDefault(v => v.Version == one)
                        ?? throw new CommandFailure(ExitCode.Refused, $"{service.Codename} has no version {one}; {(service.Versions.Length == 0 ? "it has none" : $"it has {string.Join(", ", service.Versions.Select(v => v.Version))}")}.");
                    await hub.DeleteServiceVersionAsync(found.Id, cancellation);
                    what = $"{service.Codename} {one}";
                }
                else await hub.DeleteServiceAsync(service.Id, cancellation);
                terminal.Result(new("service", what), ServiceJson.Default.Removed, text => text.WriteLine($"deleted: service {what}"));
                return ExitCode.Ok;
            });
    }

    private static Argument<string> Named() => new("service") { Description = "The service's codename or id." };

    private static void Tell(Terminal terminal, ServiceInfo service) => terminal.Result(service, ServiceJson.Default.ServiceInfo, text =>
    {
        text.WriteLine($"{service.Codename} of {service.Owner}{(service.Title is { } title ? $": {title}" : "")}  {service.Id}");
        if (service.Description is { } description) text.WriteLine(description);
        if (service.Versions.Length == 0)
        {
            text.WriteLine("It has no version yet. Publish one: strata service upload");
            return;
        }
        var newest = service.Versions[0];
        text.WriteLine($"{newest.Version} on {string.Join(", ", newest.Platforms)} needs {(newest.Needs.Length == 0 ? "no layer" : string.Join(", ", newest.Needs.Select(Line)))}");
        foreach (var resolved in newest.Resolved)
        {
            text.WriteLine($"  on {resolved.Platform}, layers of {resolved.Oem}: {(resolved.IsMet ? string.Join(" over ", resolved.Layers.Select(l => $"{l.Codename} {l.Version}")) : "cannot be met")}");
            foreach (var reason in resolved.Reasons) text.WriteLine($"    {reason}");
        }
        if (service.Versions.Length > 1) text.WriteLine($"earlier: {string.Join(", ", service.Versions.Skip(1).Select(v => v.Version))}");
    });

    private static string Line(NeedInfo need) => need.Versions is { } versions ? $"{need.Layer} {versions}" : need.Layer;
}
