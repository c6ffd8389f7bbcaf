using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Trees;

/// <summary>Compares trees with tools that are not ours: mtree for what an entry is, GNU tar for extended attributes beside it.</summary>
internal static class TreeComparison
{
    public const string WithoutLinkCounts = "type,mode,uid,gid,size,link,device,time,sha256";

    /// <summary>All that mtree tells of an entry; an overlay counts the links of directories otherwise.</summary>
    public const string Everything = WithoutLinkCounts + ",nlink";

    /// <summary>Applies a layer to a copy of its parent with GNU tar.</summary>
    public static string ApplyLayer { get; } = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Trees/apply_layer.py");

    public static async Task AssertSameAsync(string expected, string actual, string keywords)
    {
        // mtree writes the path of each folder into a comment as it is: of our name with a newline the second half, 'line', would be read as an entry.
        var (code, differences, error) = await Tool.RunAsync(
            "sh", "-c", "set -e; mtree -c -k \"$3\" -p \"$1\" | grep -vE '^(#|line)' >\"$2.mtree\"; exec mtree -f \"$2.mtree\" -p \"$2\"", "compare", expected, actual, keywords);
        Assert.True(code == 0, differences + error);
        if (await SumAsync(expected) == await SumAsync(actual)) return;
        Assert.Equal(await ListAsync(expected), await ListAsync(actual));
        Assert.Fail("The trees list alike and differ in content or attributes.");
    }

    // umoci notes in user.rootlesscontainers which owner a file would have if it could.
    private static Task<string> SumAsync(string root) => Tool.OutputAsync(
        "sh", "-c", "set -e; cd \"$1\"; tar --xattrs --xattrs-include='*' --xattrs-exclude='trusted.overlay*' --xattrs-exclude=user.rootlesscontainers --format=posix --pax-option=exthdr.name=%f,delete=atime,delete=ctime --numeric-owner --sort=name -cf - . | sha256sum",
        "sum", root);

    private static Task<string> ListAsync(string root) =>
        Tool.OutputAsync("sh", "-c", "cd \"$1\"; find . -printf '%P %y %#m %U:%G %s %T@ %l %n\\n' | sort", "list", root);
}
