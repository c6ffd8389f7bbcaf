using Strata.Artifacts.Tar;
using Strata.Build.Trees;
using Strata.Store.Files;
using Strata.Tests.Building;
using Xunit;

namespace Strata.Tests.Build.Trees;

public sealed class NormaliserTests
{
    [Theory]
    [InlineData("var/log/apt/history.log", true)]
    [InlineData("var/log", false)]
    [InlineData("var/logs/x", false)]
    [InlineData("etc/ld.so.cache", true)]
    [InlineData("usr/etc/ld.so.cache", false)]
    [InlineData("var/lib/dpkg/status-old", true)]
    [InlineData("var/lib/dpkg/info/x-old", false)]
    [InlineData("var/lib/dpkg/info/bash.list", false)]
    [InlineData("var/lib/dpkg/alternatives/pager", true)]
    [InlineData("etc/alternatives/pager", false)]
    [InlineData("var/lib/apt/extended_states", true)]
    [InlineData("usr/share/icons/hicolor/icon-theme.cache", true)]
    [InlineData("usr/share/icons/hicolor/48x48/x.png", false)]
    [InlineData("tmp", false)]
    [InlineData("etc/passwd-", true)]
    [InlineData("etc/passwd", false)]
    [InlineData("dev/null", true)]
    [InlineData("usr/lib/python3/dist-packages/six.py", false)]
    public void The_published_list_takes_out_what_says_nothing(string path, bool goes)
    {
        var tree = new Tree("/", [new(path, new() { Kind = FileKind.File }, "", [])]);

        Assert.Equal(goes, Normaliser.Apply(tree).Entries.Count == 0);
    }

    [Fact]
    public void Later_times_become_the_latest_and_earlier_ones_stay()
    {
        var tree = new Tree("/", [new("a", new() { ModifiedAt = 5 }, "", []), new("b", new() { ModifiedAt = 15 }, "", [])]);

        Assert.Equal([5, 10], Normaliser.Clamp(tree, 10).Entries.Select(entry => entry.Status.ModifiedAt));
    }

    [Fact]
    public void The_page_lists_exactly_the_rules()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs/formats/normalise.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Replace("` | ", " | ", StringComparison.Ordinal).TrimStart('`'));

        Assert.Equal(NormaliseList.Rules.Select(rule => $"{rule.Pattern} | {Word(rule)} | {rule.Reason}"), rows);

        static string Word(NormaliseRule rule) => rule.Action switch
        {
            NormaliseAction.LeaveOut => "left out",
            NormaliseAction.Split => "split",
            NormaliseAction.Refuse => $"refused: {rule.Name}",
            _ => rule.Name.Length > 0 ? $"told: {rule.Name}" : "kept",
        };
    }

    [Fact]
    public void Names_below_var_and_home_and_shared_registers_are_told_and_the_package_database_is_not()
    {
        var items = new[] { "etc/passwd", "home/me/.profile", "usr/bin/tool", "var/.wh.gone", "var/lib/dpkg/info/a.list", "var/lib/dpkg/status.d/a", "var/www/index.html" }
            .Select(name => new LayerItem(new() { Name = name, Kind = TarEntryKind.File }, null))
            .Append(new(new() { Name = "var/empty", Kind = TarEntryKind.Directory }, null));

        Assert.Equal(
            [("shared-register", "etc/passwd"), ("content-in-home", "home/me/.profile"), ("content-in-var", "var/www/index.html")],
            Normaliser.Notes(items).Select(note => (note.Rule, note.Path)));
    }

    [Fact]
    public void Every_rule_that_finds_something_has_a_name() =>
        Assert.All(NormaliseList.Rules.Where(rule => rule.Action == NormaliseAction.Refuse), rule => Assert.NotEmpty(rule.Name));

    [Theory]
    [InlineData("a", "a/b", -1)]
    [InlineData("a/b", "a-b", -1)]
    [InlineData("a-b", "a/b", 1)]
    [InlineData("", "a", -1)]
    [InlineData("a/b", "a/b", 0)]
    public void A_directory_comes_before_what_is_in_it_and_that_before_the_next_name(string one, string other, int order) =>
        Assert.Equal(order, Math.Sign(TreeOrder.Instance.Compare(one, other)));
}
