using System.Text.RegularExpressions;
using Strata.Tests.Building;

namespace Strata.Tests.Structure;

/// <summary>A page that code or prose names is there.</summary>
public sealed partial class DocumentationLinkTests
{
    [Fact]
    public void Every_page_that_is_named_exists()
    {
        var files = new[] { "src", "docs" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".md")
            .Append(Path.Combine(Repository.Root, "README.md"));
        var named = files.SelectMany(file => Page().Matches(File.ReadAllText(file)).Select(m => m.Value)).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, page => Assert.True(File.Exists(Path.Combine(Repository.Root, page)), page));
    }

    [GeneratedRegex(@"docs/[a-zA-Z0-9/._-]+\.md")]
    private static partial Regex Page();
}
