using System.Xml.Linq;
using Strata.Tests.Building;

namespace Strata.Tests.Structure;

/// <summary>Holds the dependency direction of the design: what a project may reference is this list and nothing else.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Strata.Model"] = [],
        ["Strata.Artifacts"] = ["Strata.Model", "YamlDotNet"],
        ["Strata.Store"] = ["Strata.Artifacts", "Strata.Model"],
        ["Strata.Build"] = ["Strata.Artifacts", "Strata.Model", "Strata.Store"],
        ["Strata.Cli"] = ["Strata.Artifacts", "Strata.Build", "Strata.Model", "Strata.Store", "System.CommandLine"],
        ["Strata.Hub"] = ["AWSSDK.S3", "Microsoft.AspNetCore.Authentication.OpenIdConnect", "Microsoft.AspNetCore.OpenApi", "Microsoft.Data.Sqlite", "Npgsql", "Strata.Artifacts", "Strata.Model", "Strata.Store"],
        ["Strata.Agent"] = ["Strata.Artifacts", "Strata.Model", "Strata.Store"],
    };

    [Fact]
    public void There_are_seven_projects() =>
        Assert.Equal(Allowed.Keys.Order(), Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order());

    [Theory]
    [InlineData("Strata.Model")]
    [InlineData("Strata.Artifacts")]
    [InlineData("Strata.Store")]
    [InlineData("Strata.Build")]
    [InlineData("Strata.Cli")]
    [InlineData("Strata.Hub")]
    [InlineData("Strata.Agent")]
    public void A_project_references_exactly_what_the_design_allows(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var projects = file.Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!));
        var packages = file.Descendants("PackageReference").Select(e => (string)e.Attribute("Include")!);
        Assert.Equal(Allowed[project], projects.Concat(packages).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Strata.Model")]
    [InlineData("Strata.Artifacts")]
    public void An_inner_ring_has_its_list_of_banned_calls(string project) =>
        Assert.NotEmpty(File.ReadAllLines(Path.Combine(Repository.Root, "src", project, "BannedSymbols.txt")));

    [Theory]
    [InlineData("Strata.Model")]
    [InlineData("Strata.Artifacts")]
    [InlineData("Strata.Store")]
    [InlineData("Strata.Build")]
    [InlineData("Strata.Cli")]
    [InlineData("Strata.Agent")]
    public void A_project_that_is_published_native_says_so(string project) =>
        Assert.Contains("<IsAotCompatible>true</IsAotCompatible>", File.ReadAllText(Path.Combine(Repository.Root, "src", project, project + ".csproj")), StringComparison.Ordinal);

    [Fact]
    public void Every_package_has_its_reason_in_docs_dependencies()
    {
        var reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dependencies.md"));
        var packages = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");
        Assert.All(packages, p => Assert.Contains($"`{(string)p.Attribute("Include")!}`", reasons, StringComparison.Ordinal));
    }
}
