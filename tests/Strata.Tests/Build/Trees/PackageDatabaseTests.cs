using System.Text;
using Strata.Build.Trees;
using Strata.Store.Files;
using Strata.Tests.Store;
using Xunit;

namespace Strata.Tests.Build.Trees;

/// <summary>The split of a package database, and what is refused, on trees on disk.</summary>
public sealed class PackageDatabaseTests : IDisposable
{
    private const string Small = "Package: small\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n";
    private const string Other = "Package: other\nStatus: install ok installed\nArchitecture: all\nVersion: 2\nDescription: two\n lines \u00fc\n";
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_layer_holds_a_file_for_each_package_that_is_new_and_none_that_a_sibling_writes()
    {
        Write("parent", "var/lib/dpkg/status", Small);
        Write("child", "var/lib/dpkg/status", Other + "\n" + Small + "\n");

        var contents = Difference();

        Assert.Equal(["", "var", "var/lib", "var/lib/dpkg", "var/lib/dpkg/status.d", "var/lib/dpkg/status.d/other"], contents.Items.Select(item => item.Entry.Name));
        var item = contents.Items[^1];
        Assert.Equal(Other, Encoding.UTF8.GetString(item.Content!.Value.Span));
        Assert.Equal((item.Content.Value.Length, 0x1A4, 0L), (item.Entry.Size, item.Entry.Mode, item.Entry.ModifiedAt));
        Assert.Equal(new ChangeCounts(1, 0, 0), contents.Counts);
    }

    [Fact]
    public void A_package_that_changed_is_there_and_one_that_went_is_a_deletion()
    {
        Write("parent", "var/lib/dpkg/status", $"{Small}\n{Other}");
        Write("child", "var/lib/dpkg/status", Small.Replace("Version: 1", "Version: 9", StringComparison.Ordinal));

        Assert.Equal(["var/lib/dpkg/status.d/.wh.other", "var/lib/dpkg/status.d/small"], Difference().Items.Skip(5).Select(item => item.Entry.Name));
    }

    [Fact]
    public void A_foreign_architecture_is_in_the_name_and_adding_one_changes_no_other_name()
    {
        Write("parent", "var/lib/dpkg/status", Small);
        Write("child", "var/lib/dpkg/arch", "amd64\ni386\n");
        Write("child", "var/lib/dpkg/status", $"{Small}\n{Small.Replace("amd64", "i386", StringComparison.Ordinal)}");

        Assert.Equal(["var/lib/dpkg/arch", "var/lib/dpkg/status.d", "var/lib/dpkg/status.d/small:i386"], Difference().Items.Skip(4).Select(item => item.Entry.Name));
    }

    [Theory]
    [InlineData("var/lib/opkg")]
    [InlineData("usr/lib/opkg")]
    public void The_hour_at_which_opkg_installed_a_package_is_no_content(string folder)
    {
        Write("parent", $"{folder}/status", Small + "Installed-Time: 1700000000\n");
        Write("child", $"{folder}/status", $"{Small}Installed-Time: 1800000000\n\nPackage: new_One\nInstalled-Time: 1800000000\n");

        var item = Assert.Single(Difference().Items, item => item.Content is not null);

        Assert.Equal($"{folder}/status.d/new_One", item.Entry.Name);
        Assert.Equal("Package: new_One\n", Encoding.UTF8.GetString(item.Content!.Value.Span));
    }

    [Fact]
    public void Parts_that_lie_there_stay_and_the_status_file_wins_over_them()
    {
        Write("parent", "var/lib/dpkg/status.d/kept", "Package: kept\n");
        Write("child", "var/lib/dpkg/status.d/kept", "Package: kept\n");
        Write("child", "var/lib/dpkg/status.d/small", "Package: small\nVersion: 0\n");
        Write("child", "var/lib/dpkg/status", Small);

        var item = Assert.Single(Difference().Items, item => item.Entry.Name.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal));

        Assert.Equal(Small, Encoding.UTF8.GetString(item.Content!.Value.Span));
    }

    [Theory]
    [InlineData("Version: 1\n", "Version: 1")]
    [InlineData("Package: ../../etc/x\n", "Package: ../../etc/x")]
    [InlineData("Package: .wh.x\n", "Package: .wh.x")]
    [InlineData("Package:\n", "Package:")]
    public void A_paragraph_that_names_no_package_is_refused(string paragraph, string said)
    {
        Write("parent", "etc/x", "");
        Write("child", "var/lib/dpkg/status", $"{Small}\n{paragraph}");

        var refused = Assert.Throws<TreeRefusedException>(Difference);

        Assert.Contains(said, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "cannot be split")]
    [InlineData("-wal", "rpm --rebuilddb")]
    public void An_rpm_database_that_is_none_or_not_whole_is_refused(string suffix, string said)
    {
        Write("parent", "etc/x", "");
        Write("child", "usr/lib/sysimage/rpm/rpmdb.sqlite", "no database");
        Write("child", $"usr/lib/sysimage/rpm/rpmdb.sqlite{suffix}", "no database");

        Assert.Contains(said, Assert.Throws<TreeRefusedException>(Difference).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_where_no_layer_may_have_any_is_refused_by_rule_and_path()
    {
        Write("parent", "run/same", "a");
        Write("child", "run/same", "a");
        Write("parent", "tmp/changed", "a");
        Write("child", "tmp/changed", "b");
        Write("child", "dev/shm/left", "x");
        Write("child", "run/lock/apt", "");
        Directory.CreateDirectory(_folder["child/proc/acpi"]);

        var refused = Assert.Throws<TreeRefusedException>(() => Normaliser.RefuseMisplaced(Scan("parent"), Scan("child"), Cancellation));

        Assert.Collection(
            refused.Problems,
            problem => Assert.Contains("content-in-dev: '/dev/shm/left'", problem, StringComparison.Ordinal),
            problem => Assert.Contains("content-in-tmp: '/tmp/changed'", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_full_of_misplaced_files_is_one_short_refusal()
    {
        Write("parent", "etc/x", "");
        for (var i = 0; i < 100; i++) Write("child", $"proc/{i}", "");

        var refused = Assert.Throws<TreeRefusedException>(() => Normaliser.RefuseMisplaced(Scan("parent"), Scan("child"), Cancellation));

        Assert.Equal(21, refused.Problems.Count);
        Assert.Contains("80 more", refused.Problems[^1], StringComparison.Ordinal);
    }

    private LayerContents Difference() =>
        TreeDifference.Between(Normaliser.Apply(Scan("parent")), Normaliser.Apply(Scan("child")), new(), Cancellation);

    private Tree Scan(string tree) => TreeScanner.Scan(_folder[tree], Cancellation);

    private void Write(string tree, string path, string content)
    {
        var file = _folder[$"{tree}/{path}"];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
