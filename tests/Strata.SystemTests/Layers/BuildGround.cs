using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Layers;

/// <summary>A bootstrapped target, a cache and a meta layer with small recipes; made once for all tests that build on it.</summary>
[CollectionDefinition(Collection)]
public sealed class BuildGround : IAsyncLifetime, ICollectionFixture<BuildGround>
{
    public const string Collection = "Built on one ground";

    private readonly TestFolder _folder = new();

    public string this[string name] => _folder[name];

    public string Cache => _folder["cache"];

    public async ValueTask InitializeAsync()
    {
        Add("aos-small-layer", "", "libyaml media-types", "1.0.0");
        Add("aos-child-layer", "AOS_PARENT_LAYER = \"aos-small-layer\"\n", "libexpat1", "2.0.0");
        await Tool.OutputAsync(Tool.Strata, "target", "init", _folder["target"], "--cache", Cache);
        var target = await File.ReadAllTextAsync(_folder["target/target.yaml"]);
        await File.WriteAllTextAsync(_folder["target/target.yaml"], target + "  libyaml: libyaml-0-2\n");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    public string Add(string name, string before, string features, string version)
    {
        var file = _folder[$"meta/recipes-aos-layers/{name}/{name}.bb"];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"""
            {before}require recipes-aos-layers/aos-base-layer/aos-base-layer.inc
            AOS_LAYER_FEATURES += " \
                {string.Join(" \\\n    ", features.Split(' '))} \
            "
            AOS_LAYER_VERSION = "{version}"

            """);
        return file;
    }

    public string[] Arguments(string recipe, string deploy, params string[] more) =>
        ["layer", "build", recipe, "--path", _folder["meta"], "--target", _folder["target"], "--deploy", _folder[deploy], "--cache", Cache, "--json", .. more];

    /// <summary>What a stopped build must not leave: mounts, processes, half-done work.</summary>
    public async Task AssertCleanAsync(bool scratchToo = true)
    {
        Assert.DoesNotContain(Cache, await File.ReadAllTextAsync("/proc/self/mounts"), StringComparison.Ordinal);
        for (var tries = 0; Processes().Any(); tries++)
        {
            Assert.True(tries < 100, string.Join('\n', Processes()));
            await Task.Delay(100);
        }
        if (scratchToo) Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Cache, "tmp")));
    }

    private IEnumerable<string> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                continue;
            }
            if (line.Contains(Path.Combine(Cache, "tmp"), StringComparison.Ordinal)) yield return line.Replace('\0', ' ');
        }
    }
}
