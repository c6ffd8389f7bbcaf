using System.Text.Json;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Bundles;

/// <summary><c>bundle init</c> and <c>bundle validate</c> as processes.</summary>
public sealed class BundleAuthoringTests : IDisposable
{
    private const int Usage = 2, Refused = 3;

    /// <summary>The mistakes that are most often met: a key twice, the other machine's archive, a name that nothing has.</summary>
    private const string Slips = """
        schemaVersion: 2
        publish:
          tlsKey: aos-user-oem.p12
        items:
          - identity:
              codename: tools
              type: layer
            version: 1.0
            images:
              - archInfo: {architecture: amd64}
                path: tools/built.tar.gz # the first
            images:
              - archInfo: {architecture: arm64}
                path: tools/built.tar.gz
              - archInfo: {architecture: arm}
                path: tools/absent.tar.gz
              - archInfo: {architecture: riscv64}
                path: tools
            dependencies: [{identity: {type: layer, codename: libz}, versions: '>=1.0.0'}]

        """;

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_mistake_is_said_at_once_with_its_line_and_its_cure()
    {
        await MakeAsync();
        await File.WriteAllTextAsync(_folder["catalogue.json"], """{"sequence":1,"layers":[{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","owner":"oem","codename":"libs","versions":[{"version":"1.0.0","images":[]}]}]}""", Cancellation);
        var (code, output, _) = await Tool.RunAsync(Tool.Strata, "bundle", "validate", "--config", _folder["config.yaml"], "--catalogue", _folder["catalogue.json"]);
        Assert.Equal(Refused, code);
        Assert.Contains("config.yaml:8:14: ", output, StringComparison.Ordinal);
        Assert.Contains("config.yaml:12:5: The key 'images' stands here again, after line 9", output, StringComparison.Ordinal);
        Assert.Contains("config.yaml:14:15: The arm64 image holds 1 programs or libraries for amd64, such as 'lib.so' and none for its own.", output, StringComparison.Ordinal);
        Assert.Contains("config.yaml:16:15: layer tools, linux/arm: 'tools/absent.tar.gz' is not there", output, StringComparison.Ordinal);
        Assert.Contains("config.yaml:18:15: layer tools, linux/riscv64: 'tools' is a folder; the payload must be a file.", output, StringComparison.Ordinal);
        Assert.Contains("config.yaml:19:20: Nothing knows a layer 'libz'; did you mean 'libs'?", output, StringComparison.Ordinal);
        Assert.EndsWith("6 mistakes.\n", output, StringComparison.Ordinal);

        var (_, json, _) = await Tool.RunAsync(Tool.Strata, "bundle", "validate", "--config", _folder["config.yaml"], "--offline", "--json");
        using var document = JsonDocument.Parse(json);
        Assert.False(document.RootElement.GetProperty("isValid").GetBoolean());
        Assert.Equal(12, document.RootElement.GetProperty("mistakes")[1].GetProperty("line").GetInt32());
        Assert.Contains(document.RootElement.GetProperty("notes").EnumerateArray(), n => n.GetProperty("message").GetString()!.StartsWith("Could not check whether the layer 'libz' is known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fix_is_shown_first_and_then_made_with_every_other_byte_kept()
    {
        await MakeAsync();
        File.SetUnixFileMode(_folder["config.yaml"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        string[] validate = ["bundle", "validate", "--offline", "--config", _folder["config.yaml"], "--fix"];
        var (code, shown, _) = await Tool.RunAsync(Tool.Strata, [.. validate, "--dry-run"]);
        Assert.Equal((Refused, Slips), (code, await File.ReadAllTextAsync(_folder["config.yaml"], Cancellation)));
        Assert.Contains("@@ -9,7 +9,6 @@\n     images:\n", shown, StringComparison.Ordinal);
        Assert.Contains("\n-    images:\n", shown, StringComparison.Ordinal);
        Assert.Contains("would be mended: The entries of 'images' on line 12", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("stands here again", shown, StringComparison.Ordinal);

        Assert.Equal(Refused, (await Tool.RunAsync(Tool.Strata, validate)).Code); // the rest is for the author
        var lines = Slips.Split('\n').ToList();
        lines.RemoveAt(11);
        Assert.Equal(string.Join('\n', lines), await File.ReadAllTextAsync(_folder["config.yaml"], Cancellation));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_folder["config.yaml"]));
        Assert.Equal(["catalogue", "config.yaml", "tools"], Directory.EnumerateFileSystemEntries(_folder[""]).Select(Path.GetFileName).Append("catalogue").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_first_configuration_is_valid_and_never_written_over_another()
    {
        await MakeAsync();
        string[] init = ["bundle", "init", "--type", "layer", "--codename", "tools", "--version", "1.0.0", "--image", "amd64=tools/built.tar.gz", "--company", "Us", "--config", _folder["new/../first.yaml"]];
        await Tool.OutputAsync(Tool.Strata, init);
        var text = await File.ReadAllTextAsync(_folder["first.yaml"], Cancellation);
        Assert.StartsWith("# yaml-language-server: $schema=bundle.schema.json\nschemaVersion: 2\n", text, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Strata.Tests.Building.Repository.Root, "docs/formats/bundle.schema.json"), Cancellation), await File.ReadAllBytesAsync(_folder["bundle.schema.json"], Cancellation));
        Assert.EndsWith("Config is valid\n", await Tool.OutputAsync(Tool.Strata, "bundle", "validate", "--config", _folder["first.yaml"]), StringComparison.Ordinal);
        var (code, _, error) = await Tool.RunAsync(Tool.Strata, init);
        Assert.Equal(Refused, code);
        Assert.Contains("is there already and was left as it is", error, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_folder["first.yaml"], Cancellation));

        (code, _, error) = await Tool.RunAsync(Tool.Strata, "bundle", "init", "--config", _folder["other.yaml"], "--type", "layer");
        Assert.Equal(Usage, code);
        Assert.Contains("give --codename, --version, --image too", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["other.yaml"]));
    }

    [Fact]
    public async Task A_dry_run_of_signing_says_what_would_be_signed_and_writes_nothing()
    {
        await MakeAsync();
        File.Copy(new TestPki(_folder["pki"]).PathOf(PkiFiles.OemUser), _folder["aos-user-oem.p12"]);
        await Tool.OutputAsync(Tool.Strata, "bundle", "init", "--type", "layer", "--codename", "tools", "--version", "1.0.0", "--image", "amd64=tools/built.tar.gz", "--config", _folder["first.yaml"]);
        var output = await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--dry-run", "--config", _folder["first.yaml"]);
        Assert.Contains("would be written", output, StringComparison.Ordinal);
        Assert.Contains("layer tools 1.0.0", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["batch.tar.gz"]));
    }

    private async Task MakeAsync()
    {
        await File.WriteAllTextAsync(_folder["config.yaml"], Slips, Cancellation);
        Directory.CreateDirectory(_folder["tools/content"]);
        File.Copy("/bin/true", _folder["tools/content/lib.so"]);
        await Tool.OutputAsync("tar", "-czf", _folder["tools/built.tar.gz"], "-C", _folder["tools/content"], "lib.so");
        Directory.Delete(_folder["tools/content"], recursive: true);
    }
}
