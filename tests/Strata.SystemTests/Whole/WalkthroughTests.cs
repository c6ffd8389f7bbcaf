using System.Text.RegularExpressions;
using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Whole;

/// <summary>The README's walk-through as a newcomer pastes it: every block marked <c>sh</c>, in order, in one shell.</summary>
public sealed partial class WalkthroughTests
{
    private const string CleanUp = """
        trap 'for job in $(jobs -p); do kill "$job" 2>/dev/null && wait "$job"; done' EXIT
        set -eu
        """;

    [Fact]
    public async Task Every_block_of_the_walk_through_works()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken);
        var blocks = Block().Matches(readme).Select(m => m.Groups[1].Value).ToList();
        Assert.True(blocks.Count >= 7, "The walk-through has its blocks.");

        var folder = Directory.CreateTempSubdirectory("strata-walk-");
        try
        {
            foreach (var part in new[] { "strata", "samples" })
                File.CreateSymbolicLink(Path.Combine(folder.FullName, part), Path.Combine(Repository.Root, part));
            // Job control, so that %1 and %2 mean what they mean at a prompt.
            var script = $"cd {folder.FullName}\nset -m\n{CleanUp}\n{string.Join('\n', blocks)}";
            var (code, output, error) = await Tool.RunAsync("timeout", "300", "bash", "-c", script);
            Assert.True(code == 0, $"The walk-through ended with {code}.\n{output}\n{error}");
            Assert.Contains("numpy 1.", output, StringComparison.Ordinal);
            Assert.Contains("pylibs 1.1.0", output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(folder.FullName, "try")), "The last block takes everything away.");
            Assert.DoesNotContain(folder.FullName, await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
