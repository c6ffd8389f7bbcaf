using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Xunit;

namespace Strata.Tests.Artifacts.Bundles;

public sealed class BundleConfigReaderTests
{
    /// <summary>The seed's example with the indentation that its page lost.</summary>
    private const string SeedExample = """
        schemaVersion: 2
        publisher:
          company: EPAM Systems
        publish:
          tlsKey: aos-user-oem.p12
        items:
          - identity:
              codename: pylibs
              type: layer
            version: 0.0.1
            images:
              - mediaType: application/vnd.oci.image.layer.v1.tar+gzip
                archInfo:
                  architecture: amd64
                osInfo:
                  os: linux
                path: kuksa-client-b16/linux-amd64-1.0.0.tar.gz
            images:
              - mediaType: application/vnd.oci.image.layer.v1.tar+gzip
                archInfo:
                  architecture: arm64
                osInfo:
                  os: linux
                path: kuksa-client-b16/linux-amd64-1.0.0.tar.gz
        """;

    [Fact]
    public void The_seeds_broken_example_is_refused_with_both_its_mistakes_and_their_cures()
    {
        Assert.Equal(
        [
            "config.yaml:18:5: The key 'images' stands here again, after line 11; other tools would drop one of the two: write 'images:' once and put all entries into that one list.",
            "config.yaml:24:15: The arm64 image names 'kuksa-client-b16/linux-amd64-1.0.0.tar.gz', an archive for amd64; name the one for arm64, linux-arm64-1.0.0.tar.gz.",
        ], Mistakes(SeedExample));
    }

    [Fact]
    public void A_key_in_a_token_is_read_and_one_that_brings_its_pin_or_code_is_refused_since_the_file_travels()
    {
        var meant = SeedExample[..SeedExample.LastIndexOf("    images:", StringComparison.Ordinal)];
        const string key = "pkcs11:token=strata;object=oem?pin-source=file:/run/pin";
        Assert.Equal(key, Read(meant.Replace("aos-user-oem.p12", key, StringComparison.Ordinal)).TlsKey);
        var pin = Assert.Single(Mistakes(meant.Replace("aos-user-oem.p12", "pkcs11:token=strata?pin-value=8041", StringComparison.Ordinal)));
        Assert.StartsWith("config.yaml:5:11: The URI holds the token's PIN, and this file is sent along in the bundle.", pin, StringComparison.Ordinal);
        Assert.DoesNotContain("8041", pin, StringComparison.Ordinal);
        var module = Assert.Single(Mistakes(meant.Replace("aos-user-oem.p12", "pkcs11:token=strata?module-path=./tools/code.so", StringComparison.Ordinal)));
        Assert.StartsWith("config.yaml:5:11: The URI names a module, which is code that would run as whoever signs", module, StringComparison.Ordinal);
        Assert.Equal("config.yaml:5:11: The URI holds 'objet', which is not read here; did you mean 'object'?", Assert.Single(Mistakes(meant.Replace("aos-user-oem.p12", "pkcs11:objet=a", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_seeds_example_as_it_was_meant_is_read()
    {
        var meant = SeedExample.Replace("    images:\n      - mediaType: application/vnd.oci.image.layer.v1.tar+gzip\n        archInfo:\n          architecture: arm64", "      - archInfo:\n          architecture: arm64", StringComparison.Ordinal);
        meant = meant[..meant.LastIndexOf("amd64", StringComparison.Ordinal)] + "arm64-1.0.0.tar.gz\n";
        var config = Read(meant);
        Assert.Equal("EPAM Systems", config.Company);
        Assert.Equal("aos-user-oem.p12", config.TlsKey);
        var item = Assert.Single(config.Items);
        Assert.Equal((ItemType.Layer, "pylibs", "0.0.1", "pylibs"), (item.Type, item.Codename, item.Version.ToString(), item.SourceFolder));
        Assert.Equal(["linux/amd64", "linux/arm64"], item.Images.Select(i => i.Platform.ToString()));
    }

    [Theory]
    // "configuration -> layers chapter": uid, minVersion, maxVersion
    [InlineData("configuration:\n  layers:\n    - uid: aos-pylibs-layer\n      minVersion: 1.0.0\n      maxVersion: 2.0.0", "aos-pylibs-layer >=1.0.0 <2.0.0")]
    // "Same values: If min and max versions are identical, that specific version is required"
    [InlineData("configuration:\n  layers:\n    - uid: aos-pylibs-layer\n      minVersion: 1.2.3\n      maxVersion: 1.2.3", "aos-pylibs-layer =1.2.3")]
    [InlineData("configuration:\n  layers:\n    - uid: aos-pylibs-layer\n      minVersion: 1.0.0", "aos-pylibs-layer >=1.0.0")]
    [InlineData("configuration:\n  layers:\n    - uid: aos-pylibs-layer", "aos-pylibs-layer any version")]
    // notation B: facts on AosEdge, a.6
    [InlineData("configuration:\n  layers: ['aos-pylibs-layer']", "aos-pylibs-layer any version")]
    // notation C: facts on AosEdge, a.6, with the versions seen in use
    [InlineData("dependencies:\n  - identity: {type: layer, codename: pylibs}\n    versions: '>=1.0.0,<2.0.0'", "pylibs >=1.0.0 <2.0.0")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: pylibs}\n    versions: 2.0.0", "pylibs =2.0.0")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: pylibs}\n    versions: \"6.1.0-bosch.2\"", "pylibs =6.1.0-bosch.2")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: pylibs}\n    versions: '>=6.1.0-bosch.2'\n    includePreRelease: true\n    condition: started", "pylibs >=6.1.0-bosch.2")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: pylibs}", "pylibs any version")]
    public void All_three_notations_become_one_kind_of_need(string text, string expected)
    {
        var need = Assert.Single(Assert.Single(Read(Service(text)).Items).Needs);
        Assert.Equal(expected, need.ToString());
        Assert.StartsWith("config.yaml:", need.WrittenAt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("configuration:\n  layers:\n    - uid: a\n      minVersion: 3.0.0\n      maxVersion: 2.0.0", "config.yaml:12:23: minVersion 3.0.0 is above maxVersion 2.0.0; nothing lies between. Swap them.")]
    [InlineData("configuration:\n  layers:\n    - uid: a\n      minVersion: v1.0.0", "write 1.0.0 without the leading 'v'")]
    [InlineData("configuration:\n  layers:\n    - uid: a\n      minVersion: 1.0", "'1.0' is a partial version; write 1.0.0.")]
    [InlineData("configuration:\n  layers:\n    - uid: a\n      minversion: 1.0.0", "A layer has no key 'minversion'; did you mean 'minVersion'?")]
    [InlineData("configuration:\n  layers:\n    - minVersion: 1.0.0", "A layer needs 'uid'.")]
    [InlineData("configuration:\n  layers: pylibs", "'layers' must be a list, and this is a text; begin each entry with '- '.")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: a}\n    versions: '>2.0.0,<1.0.0'", "contradict each other")]
    [InlineData("dependencies:\n  - identity: {type: component, codename: rootfs}", "A dependency on the component 'rootfs' is not supported yet")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: a}\n    condition: helthy", "did you mean 'healthy'?")]
    [InlineData("dependencies:\n  - identity: {type: layer, codename: a}\n  - identity: {type: layer, codename: a}", "The layer 'a' is asked for here again, after line 10")]
    [InlineData("configuration:\n  skipResourceLimits: true", "Resource limits cannot be skipped: 1.0.0 is not a pre-release.")]
    [InlineData("configuration:\n  instances: {minInstances: 65}", "'minInstances' must be a whole number from 1 to 64, not '65'.")]
    [InlineData("configuration:\n  env: [NOVALUE]", "'NOVALUE' is no environment variable; write KEY=value.")]
    [InlineData("configuration:\n  comand: x", "The configuration has no key 'comand'; ")]
    [InlineData("sourceFolder: ../up", "must stay inside the bundle's folder")]
    public void A_mistake_in_a_service_is_named_with_its_cure(string text, string expected) =>
        Assert.Contains(expected, Assert.Single(Mistakes(Service(text))), StringComparison.Ordinal);

    [Theory]
    [InlineData("schemaVersion: 3\nitems: [{identity: {type: layer, codename: a}, version: 1.0.0, images: [{archInfo: {architecture: amd64}, path: x}]}]", "schemaVersion is '3'; only 2 is read.")]
    [InlineData("build: {os: linux}\nconfiguration: {}", "This is a configuration of schemaVersion 1")]
    [InlineData("items: []", "The list of items is empty")]
    [InlineData("publish: {tlskey: a}\nitems: [{identity: {type: layer, codename: a}, version: 1.0.0, images: [{archInfo: {architecture: x86_64}, sourceFolder: x}]}]", "did you mean 'tlsKey'?|write amd64 for 'x86_64'|A layer's payload must be a file, not a folder|needs 'tlsKey'")]
    [InlineData("items: [{identity: {type: layr, codename: a b}, version: 1, images: []}]", "did you mean 'layer'?|The codename 'a b' does not do|'1' is a partial version|The list of images is empty")]
    [InlineData("items: [{identity: {type: component, codename: a}, version: 1.0.0, images: [{archInfo: {architecture: amd64}, path: x}]}]", "Items of type 'component' are not supported yet")]
    public void Every_mistake_of_a_document_is_listed(string text, string expected)
    {
        var mistakes = Mistakes(text);
        foreach (var part in expected.Split('|')) Assert.Contains(mistakes, m => m.Contains(part, StringComparison.Ordinal));
        Assert.Equal(expected.Split('|').Length, mistakes.Count);
    }

    [Fact]
    public void Services_and_layers_cannot_share_a_bundle()
    {
        var text = Service("") + "\n  - identity: {type: layer, codename: pylibs}\n    version: 1.0.0\n    images: [{archInfo: {architecture: amd64}, path: x.tar.gz}]\n";
        Assert.Contains("cannot share a bundle; make two.", Assert.Single(Mistakes(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_are_read()
    {
        var item = Assert.Single(Read(Service("""
            configuration:
              cmd: [python3, -c, "print('x y')"]
              workingDir: /app
              env: [A=1, B=]
              instances: {minInstances: 2, priority: 5, labels: [main]}
              quotas: {ramLimit: 128MiB}
              permissions: {server: {path: rw}}
            """)).Items);
        Assert.Equal(new ServiceSettings
        {
            Command = """python3 -c 'print('\''x y'\'')'""",
            WorkingDirectory = "/app",
            Environment = ["A=1", "B="],
            Instances = 2,
            Priority = 5,
            Labels = ["main"],
            Quotas = new() { Ram = 128L << 20 },
            Permissions = [new("server", "path", "rw")],
        }, item.Settings);
    }

    private static string Service(string more) =>
        "schemaVersion: 2\nitems:\n  - identity:\n      type: service\n      codename: demo\n    version: 1.0.0\n    images:\n      - {archInfo: {architecture: amd64}, sourceFolder: amd64}\n"
        + string.Concat(more.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"    {l}\n"));

    private static BundleConfig Read(string text) => BundleConfigReader.Read(text, "config.yaml") switch
    {
        Reading<BundleConfig>.Good good => good.Value,
        var bad => throw new Xunit.Sdk.XunitException(bad.ToString()),
    };

    private static List<string> Mistakes(string text) =>
        [.. Assert.IsType<Reading<BundleConfig>.Bad>(BundleConfigReader.Read(text, "config.yaml")).Mistakes.Select(m => m.ToString())];
}
