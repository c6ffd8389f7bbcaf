using System.Reflection;
using System.Text.RegularExpressions;
using Strata.Tests.Building;

namespace Strata.Tests.Structure;

/// <summary>Holds docs/pipeline.md to the code.</summary>
public sealed partial class PipelineTests
{
    [Fact]
    public void Every_type_that_the_page_names_exists()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "pipeline.md"));
        var names = TypeName().Matches(page).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.True(names.Count > 10, "The page names the types of its stages.");
        Assert.All(names, name => Assert.NotNull(Assembly.Load(string.Join('.', name.Split('.').Take(2))).GetType(name)));
    }

    [GeneratedRegex("`(Strata\\.[A-Za-z]+\\.[A-Za-z]+\\.[A-Za-z]+)`")]
    private static partial Regex TypeName();
}
