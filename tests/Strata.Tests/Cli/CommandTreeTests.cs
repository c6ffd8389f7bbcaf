using System.CommandLine;
using System.Text.RegularExpressions;
using Strata.Cli.Commands;
using Strata.Cli.Shell;
using Strata.Hub;
using Strata.Tests.Building;

namespace Strata.Tests.Cli;

public sealed partial class CommandTreeTests
{
    private static readonly RootCommand Root = CommandTree.Create();

    [Fact]
    public void Every_command_stands_in_the_documentation_as_its_help_says_it_with_its_example()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/cli.md"));
        Assert.All(
            Commands(Root, "strata").Where(c => c.Command.Action is not null).Select(c => $"| `{c.Path}` | {c.Command.Description} | `{HelpWithExample.Examples.GetValueOrDefault(c.Command)}` |"),
            line => Assert.Contains(line, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_of_the_hub_is_one_of_the_command_that_starts_it_and_stands_in_its_help_and_in_the_documentation()
    {
        var command = Root.Subcommands.Single(c => c.Name == "hub");
        Assert.Equal(HubOptions.Names.Order(), command.Options.Select(o => o.Name).Where(n => n != "--help").Order());
        Assert.Equal(HubOptions.Names.Order(), HubOption().Matches(HubOptions.Help).Select(m => m.Value).Distinct().Order());
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/hub.md"));
        Assert.All(HubOptions.Names, name => Assert.Matches($"{name}(?![a-z-])", page));
    }

    [Fact]
    public void Every_command_that_runs_something_has_an_example_that_it_takes()
    {
        var wrong = new List<string>();
        foreach (var (path, command) in Commands(Root, "strata").Where(c => c.Command.Action is not null))
        {
            if (!HelpWithExample.Examples.TryGetValue(command, out var example)) wrong.Add($"{path} has no example.");
            else if (!example.StartsWith(path, StringComparison.Ordinal)) wrong.Add($"{path} has the example of another: {example}");
            else if (Root.Parse(example["strata ".Length..]) is var parsed && (parsed.Errors.Count > 0 || !Commands(command, path).Any(c => c.Command == parsed.CommandResult.Command))) wrong.Add($"{path} does not take its own example: {string.Join(" ", parsed.Errors)}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_command_that_a_message_names_is_there()
    {
        var wrong = new List<string>();
        var sources = new[] { "*.cs", "*.razor" }.SelectMany(p => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), p, SearchOption.AllDirectories));
        foreach (var file in sources.Where(f => !f.Contains("/obj/", StringComparison.Ordinal)))
        {
            foreach (Match named in Named().Matches(File.ReadAllText(file)))
            {
                var first = Root.Subcommands.FirstOrDefault(c => c.Name == named.Groups[1].Value);
                var second = named.Groups[2].Value;
                if (first is null || (first.Subcommands.Count > 0 && first.Action is null && second.Length > 0 && first.Subcommands.All(c => c.Name != second)))
                    wrong.Add($"{Path.GetFileName(file)}: {named.Value}");
            }
        }
        Assert.Empty(wrong.Distinct());
    }

    // What stands in quotes or behind a colon, as messages write it.
    [GeneratedRegex("(?<=['`>]|: |with )strata ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")]
    private static partial Regex Named();

    [GeneratedRegex("--[a-z][a-z-]*")]
    private static partial Regex HubOption();

    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path) =>
        command.Subcommands.SelectMany(c => Commands(c, $"{path} {c.Name}")).Prepend((path, command));
}
