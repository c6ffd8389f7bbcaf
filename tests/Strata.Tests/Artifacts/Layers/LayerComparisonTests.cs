using System.Text;
using Strata.Artifacts.Layers;
using Strata.Model.Identity;
using Xunit;

namespace Strata.Tests.Artifacts.Layers;

public sealed class LayerComparisonTests
{
    [Theory]
    [InlineData("usr/lib/a.so", "removed", VersionStep.Major)]
    [InlineData("usr/bin/tool", "removed", VersionStep.Major)]
    [InlineData("opt/app/lib/a", "removed", VersionStep.Major)]
    [InlineData("usr/share/doc/a/copyright", "removed", VersionStep.Patch)]
    [InlineData("usr/lib/python3/__pycache__/a.cpython-311.pyc", "removed", VersionStep.Patch)]
    [InlineData("usr/lib/python3/dist-packages/a-1.dist-info/RECORD", "removed", VersionStep.Patch)]
    [InlineData("var/lib/dpkg/info/a.list", "removed", VersionStep.Patch)]
    public async Task What_is_gone_from_where_services_look_asks_for_a_major_step(string path, string what, VersionStep needed)
    {
        var found = await CompareAsync([("etc/x", "1"), (path, "gone")], [("etc/x", "1")]);
        Assert.Equal(new PathChange(path, what, needed), Assert.Single(found.Paths));
        Assert.Equal(needed, found.Needed);
        Assert.Equal(needed == VersionStep.Major ? VersionStep.Minor : VersionStep.Patch, (await CompareAsync([("etc/x", "1")], [("etc/x", "1"), (path, "new")])).Needed);
    }

    [Fact]
    public async Task Changes_of_content_rights_kind_and_target_are_told_apart()
    {
        var found = await CompareAsync(
            [("usr/lib/a", "one"), ("usr/lib/b", "same"), ("usr/lib/c -> b", ""), ("usr/lib/d", "file"), ("usr/lib/e/", "")],
            [("usr/lib/a", "two"), ("usr/lib/b", "same"), ("usr/lib/c -> a", ""), ("usr/lib/d -> a", ""), ("usr/lib/e", "file")]);
        Assert.Equal(
            [("usr/lib/a", "content", VersionStep.Patch), ("usr/lib/c", "target", VersionStep.Patch), ("usr/lib/d", "kind", VersionStep.Patch), ("usr/lib/e", "kind", VersionStep.Major)],
            found.Paths.Select(p => (p.Path, p.What, p.Needs)));
    }

    [Fact]
    public async Task A_shared_object_whose_name_counts_up_beneath_the_same_soname_is_a_patch()
    {
        var found = await CompareAsync(
            [("usr/lib/libz.so.1 -> libz.so.1.2.13", ""), ("usr/lib/libz.so.1.2.13", "one")],
            [("usr/lib/libz.so.1 -> libz.so.1.3", ""), ("usr/lib/libz.so.1.3", "two")]);
        Assert.Equal(VersionStep.Minor, found.Paths.Single(p => p.What == "added").Needs);
        Assert.Equal(VersionStep.Patch, found.Paths.Single(p => p.What == "removed").Needs);
    }

    [Fact]
    public async Task A_new_deletion_of_what_lower_layers_have_is_a_removal()
    {
        var found = await CompareAsync([("etc/x", "1")], [("etc/x", "1"), ("usr/lib/.wh.old", "")]);
        Assert.Equal(new PathChange("usr/lib/old", "removed", VersionStep.Major), Assert.Single(found.Paths));
        Assert.Equal("added", Assert.Single((await CompareAsync([("etc/x", "1"), ("usr/lib/.wh.old", "")], [("etc/x", "1")])).Paths).What);
    }

    [Theory]
    [InlineData("deb", "1.2-3", "1.3-1", VersionStep.Patch)]
    [InlineData("deb", "1:2.0-1", "1:1.9-1", VersionStep.Major)]
    [InlineData("deb", "65-1", "66-1", VersionStep.Patch)]
    public async Task A_package_whose_first_number_falls_asks_for_a_major_step(string type, string old, string next, VersionStep needed)
    {
        var found = await CompareAsync([Package("six", old)], [Package("six", next)]);
        Assert.Equal(new LibraryChange(type, "six", old, next, needed), Assert.Single(found.Libraries));
    }

    [Theory]
    [InlineData("1.9", "2.0", VersionStep.Major)]
    [InlineData("1.9", "1.10", VersionStep.Patch)]
    [InlineData("2024.1", "2025.1", VersionStep.Patch)]
    public async Task A_python_module_means_what_its_first_number_says_unless_it_is_a_year(string old, string next, VersionStep needed)
    {
        var found = await CompareAsync([Module("six", old)], [Module("six", next)]);
        Assert.Equal(needed, Assert.Single(found.Libraries).Needs);
        Assert.Equal(needed, found.Needed);
    }

    [Fact]
    public async Task A_library_that_comes_asks_for_a_minor_step_and_one_that_goes_for_a_major_one()
    {
        var (with, without) = (new[] { Package("six", "1"), Package("yaml", "2") }, new[] { Package("six", "1") });
        Assert.Equal(VersionStep.Minor, Assert.Single((await CompareAsync(without, with)).Libraries).Needs);
        Assert.Equal(VersionStep.Major, Assert.Single((await CompareAsync(with, without)).Libraries).Needs);
    }

    [Fact]
    public async Task A_symbol_that_a_shared_object_no_longer_exports_asks_for_a_major_step()
    {
        var found = await CompareAsync(Zlib(), Zlib("zlibVersion", "zlibVersiox"));
        Assert.Equal([new("libz.so.1", "zlibVersion", IsRemoved: true), new("libz.so.1", "zlibVersiox", IsRemoved: false)], found.Symbols);
        Assert.Equal(VersionStep.Major, found.Needed);
        Assert.Equal(VersionStep.Patch, Assert.Single(found.Paths).Needs);
    }

    [Fact]
    public async Task A_soname_that_is_gone_asks_for_a_major_step()
    {
        var found = await CompareAsync(Zlib(), Zlib("libz.so.1", "libz.so.2"));
        Assert.Equal([new("libz.so.1", null, IsRemoved: true), new("libz.so.2", null, IsRemoved: false)], found.Symbols);
        Assert.Equal(VersionStep.Major, found.Needed);
    }

    [Fact]
    public async Task Equal_layers_differ_in_nothing()
    {
        var found = await CompareAsync([("usr/lib/a", "one")], [("usr/lib/a", "one")]);
        Assert.Equal((0, 0, 0, VersionStep.Patch), (found.Paths.Count, found.Libraries.Count, found.Symbols.Count, found.Needed));
        Assert.Equal(found.Old.DiffId, found.New.DiffId);
    }

    private static (string, string) Package(string name, string version) => ($"var/lib/dpkg/status.d/{name}", $"Package: {name}\nVersion: {version}\nArchitecture: all\n");

    private static (string, string) Module(string name, string version) => ($"usr/lib/python3/dist-packages/{name}.dist-info/METADATA", $"Name: {name}\nVersion: {version}\n");

    /// <summary>A real zlib in which a name was changed, at a path of its own.</summary>
    private static (string, byte[])[] Zlib(string name = "", string other = "")
    {
        var bytes = File.ReadAllBytes(Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libz.so.1.*").First());
        var at = name.Length == 0 ? -1 : bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0"));
        if (at >= 0) Encoding.ASCII.GetBytes(other).CopyTo(bytes, at + 1);
        return [("usr/lib/libz.so.1", bytes)];
    }

    private static async Task<LayerComparison> CompareAsync((string, byte[])[] old, (string, byte[])[] next)
    {
        var (before, after) = (await LayerOf.BytesAsync(old), await LayerOf.BytesAsync(next));
        return await LayerComparison.OfAsync(before.Open, after.Open, null, TestContext.Current.CancellationToken);
    }

    private static async Task<LayerComparison> CompareAsync((string, string)[] old, (string, string)[] next)
    {
        var (before, after) = (await LayerOf.FilesAsync(old), await LayerOf.FilesAsync(next));
        return await LayerComparison.OfAsync(before.Open, after.Open, null, TestContext.Current.CancellationToken);
    }
}
