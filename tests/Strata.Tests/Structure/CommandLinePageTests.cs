using System.Text.RegularExpressions;
using Strata.Tests.Building;

namespace Strata.Tests.Structure;

/// <summary>Holds the exit codes in docs/cli.md to the code.</summary>
public sealed partial class CommandLinePageTests
{
    [Fact]
    public void The_page_lists_exactly_the_exit_codes_that_there_are()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src/Strata.Cli/Shell/ExitCode.cs"));
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/cli.md"));
        var declared = Member().Matches(source).Select(m => (m.Groups[2].Value, m.Groups[1].Value));
        var listed = Row().Matches(page).Select(m => (m.Groups[1].Value, m.Groups[2].Value));
        Assert.Equal(declared.Order(), listed.Order());
    }

    [GeneratedRegex(@"^    (\w+) = (\d+),", RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex(@"^\| (\d+) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
