using System.Text.Json;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Layers;

/// <summary>A folder of Debian packages in place of the archive, with packages as Debian itself makes them.</summary>
[Collection(BuildGround.Collection)]
public sealed class DebFolderTests(BuildGround ground)
{
    private const int Refused = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_packages_give_the_same_layer_from_a_folder_as_from_the_archive_and_what_a_folder_lacks_is_named()
    {
        // It depends on "python3:any", which holds only with what python3 says of other architectures.
        var recipe = ground.Add("aos-six-layer", "", "python3-six", "1.0.0");
        var fromArchive = await DiffIdAsync(ground.Arguments(recipe, "six-archive"));
        await Tool.OutputAsync(Tool.Strata, "layer", "vendor", ground["six-kept"], recipe, "--path", ground["meta"], "--target", ground["target"], "--cache", ground.Cache);
        var target = await File.ReadAllTextAsync(ground["target/target.yaml"], Cancellation);
        var folderTarget = ground["target/folder.yaml"];
        await File.WriteAllTextAsync(folderTarget, target.Replace("- type: debian\n    suite: bookworm", "- type: deb\n    path: ../six-kept/packages", StringComparison.Ordinal), Cancellation);

        Assert.Equal(fromArchive, await DiffIdAsync([.. ground.Arguments(recipe, "six-folder", "--no-cache").Select(a => a == ground["target"] ? folderTarget : a)]));

        File.Delete(Directory.EnumerateFiles(ground["six-kept"], "libpython3.11-minimal_*", SearchOption.AllDirectories).Single());
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, [.. ground.Arguments(recipe, "six-lacking").Select(a => a == ground["target"] ? folderTarget : a)]);
        Assert.Equal(Refused, code);
        Assert.Empty(output);
        Assert.Contains("Depends: libpython3.11-minimal", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ground["six-lacking"]));
    }

    private static async Task<string> DiffIdAsync(string[] arguments)
    {
        using var built = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, arguments));
        Assert.Equal("install", built.RootElement[0].GetProperty("mode").GetString());
        return built.RootElement[0].GetProperty("diffId").GetString()!;
    }
}
