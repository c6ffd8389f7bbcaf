using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Users;

/// <summary><c>strata audit</c>: who changed what, when, and from where.</summary>
internal static class AuditCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create()
    {
        var kind = new Option<string?>("--kind") { Description = "Only changes of this kind, such as unit-added." };
        var actor = new Option<string?>("--actor") { Description = "Only changes by this user or unit." };
        var via = new Option<string?>("--via") { Description = "Only changes by way of api, portal, unit, invitation, or the hub itself." };
        var search = new Option<string?>("--search") { Description = "Only lines that hold this text." };
        var since = new Option<string?>("--since") { Description = "Only from this time on, such as 2026-01-31T12:00:00Z." };
        var until = new Option<string?>("--until") { Description = "Only before this time." };
        var most = new Option<int>("--limit") { Description = "Most lines to show.", DefaultValueFactory = _ => 100 };
        return Hub.AddTo(new("audit", "Show who changed what at the hub, newest first.") { kind, actor, via, search, since, until, most })
            .Runs("strata audit --kind unit-added --since 2026-01-01", async (parsed, terminal, cancellation) =>
            {
                if (parsed.GetValue(most) < 1) throw new CommandFailure(ExitCode.Usage, "--limit has to be 1 or more.");
                using var hub = Hub.Access(parsed).Connect();
                var query = new Dictionary<string, string?>
                {
                    ["kind"] = parsed.GetValue(kind), ["actor"] = parsed.GetValue(actor), ["via"] = parsed.GetValue(via),
                    ["search"] = parsed.GetValue(search), ["since"] = parsed.GetValue(since), ["until"] = parsed.GetValue(until),
                };
                var lines = (await hub.AuditAsync(query, parsed.GetValue(most), cancellation)).ToArray();
                terminal.Result(lines, UserJson.Default.AuditLineArray, text => Table.Write(text, ["WHEN", "WHO", "VIA", "FROM", "WHAT"], lines.Select(l => new[]
                {
                    l.At is { } at ? $"{at.UtcDateTime:u}" : "", l.Actor is null ? "the hub" : l.Owner is null ? l.Actor : $"{l.Actor} of {l.Owner}", l.Via ?? "", l.Address ?? "", l.Text,
                })));
                return ExitCode.Ok;
            });
    }
}
