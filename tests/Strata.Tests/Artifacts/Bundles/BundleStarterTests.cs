using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Tests.Artifacts.Bundles;

public sealed class BundleStarterTests
{
    [Fact]
    public void What_it_writes_is_read_back_as_what_was_meant()
    {
        var range = VersionRange.FromComparators(">=1.0.0,<2.0.0").Range!;
        var config = new BundleConfig(
        [
            new(ItemType.Layer, "tools", SemanticVersion.Parse("1.0.0-rc.1"), [Image("amd64"), Image("arm64")])
            {
                SourceFolder = "tools", Title = "Tools: \"all\" # of \\them", Needs = [new("libs", range)],
            },
            new(ItemType.Layer, "yes", SemanticVersion.Parse("2.0.0"), [Image("arm")]) { SourceFolder = "yes" },
        ])
        {
            Company = "A, B & Co.", TlsKey = "aos-user-oem.p12", Domain = "oem.example.com:10000",
        };
        var text = BundleStarter.Text(config);
        var read = BundleConfigReader.Read(text, "config.yaml");
        Assert.Equal(config, Assert.IsType<Reading<BundleConfig>.Good>(read).Value);
        Assert.StartsWith("# yaml-language-server: $schema=bundle.schema.json\n", text, StringComparison.Ordinal);
    }

    private static BundleImage Image(string architecture) =>
        new(new Platform(architecture)) { Path = $"tools/linux-{architecture}-1.tar.gz", MediaType = Model.Layers.MediaTypes.LayerGzip };
}
