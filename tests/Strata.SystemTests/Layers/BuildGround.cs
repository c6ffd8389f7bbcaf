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

    /// <inheritdoc cref="Leftovers.AssertNoneAsync"/>
    public Task AssertCleanAsync(bool scratchToo = true) => Leftovers.AssertNoneAsync(Cache, scratchToo);
}
