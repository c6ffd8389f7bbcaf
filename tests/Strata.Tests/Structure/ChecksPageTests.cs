using System.Text.RegularExpressions;
using Strata.Artifacts.Inspection;
using Strata.Tests.Building;

namespace Strata.Tests.Structure;

/// <summary>Holds the rules in docs/formats/checks.md to the code.</summary>
public sealed partial class ChecksPageTests
{
    [Fact]
    public void The_page_lists_exactly_the_rules_with_their_reasons()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/formats/checks.md"));
        var listed = Row().Matches(page).Select(m => (m.Groups[1].Value, m.Groups[2].Value));
        Assert.Equal(LayerRules.All.Select(r => (r.Name, r.Why)), listed);
    }

    [GeneratedRegex(@"^\| `([a-z-]+)` \| (.+?) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
