using System.Text.Json;
using Strata.SystemTests.Agent;
using Strata.SystemTests.Running;
using Strata.Tests.Building;
using Strata.Tests.Store;

namespace Strata.SystemTests.Whole;

/// <summary>What goes wrong at a prompt: one sentence that names the thing and the remedy, the documented exit code, nothing half-written.</summary>
public sealed class BadInputTests(RunningHub hub) : IClassFixture<RunningHub>, IDisposable
{
    private const int Usage = 2, Refused = 3, Unavailable = 4;
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_missing_recipe_is_named() =>
        await RefusedAsync(Refused, ["no-such-layer.bb"], "recipe", "show", _folder["no-such-layer.bb"]);

    [Fact]
    public async Task A_recipe_that_is_no_text_is_named_and_not_shown()
    {
        await File.WriteAllBytesAsync(_folder["x.bb"], [0x7F, 0x45, 0x00, 0xFF, 0x0A, 0xFE], TestContext.Current.CancellationToken);
        await RefusedAsync(Refused, ["x.bb:1:1: the file is not UTF-8 text"], "recipe", "show", _folder["x.bb"]);
    }

    [Fact]
    public async Task An_empty_argument_is_a_usage_error() => await RefusedAsync(Usage, ["empty"], "pki", "init", "");

    [Fact]
    public async Task A_folder_in_place_of_a_bundle_is_named() =>
        await RefusedAsync(Refused, ["is a folder"], ["bundle", "upload", _folder["."], .. hub.As("oem")]);

    [Fact]
    public async Task A_file_in_place_of_a_folder_is_named_with_a_remedy()
    {
        await File.WriteAllTextAsync(_folder["file"], "", TestContext.Current.CancellationToken);
        await RefusedAsync(1, ["file", "name another place"], "target", "show", _folder["file"], "--cache", _folder["file"]);
    }

    [Fact]
    public async Task A_name_in_a_layer_does_not_act_on_the_terminal()
    {
        await using (var tar = new System.Formats.Tar.TarWriter(File.Create(_folder["l.tar"])))
        {
            var content = new MemoryStream("Name: a\e[2J\e]0;owned\a\nVersion: 1\n"u8.ToArray());
            await tar.WriteEntryAsync(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "x/a.dist-info/METADATA") { DataStream = content }, TestContext.Current.CancellationToken);
        }
        var shown = await Tool.OutputAsync(Tool.Strata, "layer", "inspect", _folder["l.tar"]);
        Assert.Contains("owned", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, c => char.IsControl(c) && c is not '\n');
    }

    [Fact]
    public async Task An_empty_layer_file_is_refused()
    {
        await File.WriteAllTextAsync(_folder["l.tar.gz"], "", TestContext.Current.CancellationToken);
        await RefusedAsync(Refused, ["l.tar.gz", "empty"], "layer", "inspect", _folder["l.tar.gz"]);
    }

    [Fact]
    public async Task A_unit_certificate_that_is_none_is_named()
    {
        await File.WriteAllTextAsync(_folder["u.p12"], "no certificate", TestContext.Current.CancellationToken);
        await RefusedAsync(1, ["u.p12", "strata pki unit"], "agent", "--root", _folder["unit"], "--base", "/", "--cert", _folder["u.p12"], "--ca", hub["pki/fleet-root.crt"]);
        await RefusedAsync(1, ["u.p12", "--ca"], "agent", "--root", _folder["unit"], "--base", "/", "--cert", hub["pki/hub.p12"], "--ca", _folder["u.p12"]);
    }

    [Fact]
    public async Task A_base_that_is_no_root_file_system_is_refused()
    {
        Directory.CreateDirectory(_folder["empty"]);
        await RefusedAsync(
            Usage, ["--base", "no root file system"],
            "agent", "--root", _folder["unit"], "--base", _folder["empty"], "--cert", hub["pki/hub.p12"], "--ca", hub["pki/fleet-root.crt"]);
        await File.WriteAllTextAsync(_folder["target.yaml"], "schemaVersion: 1\nname: t\nrootfs: empty\narchitecture: amd64\n", TestContext.Current.CancellationToken);
        await RefusedAsync(Refused, ["target.yaml", "no root file system"], "target", "show", _folder["target.yaml"]);
    }

    [Fact]
    public async Task A_missing_target_is_named() => await RefusedAsync(
        Refused, ["target"], "layer", "build", "aos-pylibs-layer", "--path", Path.Combine(Repository.Root, "samples"), "--target", _folder["target"], "--deploy", _folder["deploy"]);

    [Fact]
    public async Task A_hub_that_is_not_there_is_named_with_its_port() => await RefusedAsync(
        Unavailable, ["localhost:9"], "layers", "list", "--hub", "https://localhost:9/", "--key", hub["pki/aos-user-oem.p12"], "--ca", hub["pki/fleet-root.crt"]);

    [Fact]
    public async Task A_certificate_of_another_installation_is_refused()
    {
        _ = new TestPki(_folder["other"], isForeign: true);
        await RefusedAsync(Refused, ["certificate"], "layers", "list", "--hub", hub.Api, "--key", _folder["other/aos-user-oem.p12"], "--ca", hub["pki/fleet-root.crt"]);
    }

    [Fact]
    public async Task A_hub_of_another_installation_is_not_trusted()
    {
        _ = new TestPki(_folder["other"], isForeign: true);
        await RefusedAsync(Unavailable, ["certificate"], "layers", "list", "--hub", hub.Api, "--key", hub["pki/aos-user-oem.p12"], "--ca", _folder["other/fleet-root.crt"]);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_as_such()
    {
        // Made by openssl under the users root, valid for one day that is over.
        await Tool.OutputAsync("bash", "-c", $"""
            cd {_folder["."]} && openssl req -newkey rsa:2048 -nodes -keyout k.pem -subj "/O=localhost/CN=late" -out r.csr 2>/dev/null
            printf 'basicConstraints=critical,CA:false\nextendedKeyUsage=clientAuth\nsubjectAltName=URI:urn:aos:oem:demo-oem.localhost\n' > ext
            mkdir db && touch db/index && echo 1000 > db/serial
            printf '[ca]\ndefault_ca=d\n[d]\ndatabase=db/index\nserial=db/serial\nnew_certs_dir=db\ndefault_md=sha256\npolicy=p\nrand_serial=yes\n[p]\norganizationName=supplied\ncommonName=supplied\n' > ca.cnf
            openssl ca -batch -config ca.cnf -cert {hub["pki/users-root.crt"]} -keyfile {hub["pki/users-root.key"]} -in r.csr -out c.pem -extfile ext -startdate 20240101000000Z -enddate 20240102000000Z -notext 2>/dev/null
            openssl pkcs12 -export -in c.pem -inkey k.pem -out late.p12 -passout pass:
            """);
        await RefusedAsync(Refused, ["expired"], "layers", "list", "--hub", hub.Api, "--key", _folder["late.p12"], "--ca", hub["pki/fleet-root.crt"]);
    }

    [Fact]
    public async Task A_bundle_changed_by_one_byte_is_refused_by_the_hub()
    {
        await WriteServiceAsync("");
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", _folder["svc/config.yaml"], "--key", hub["pki/aos-user-sp.p12"]);
        // Unpacked, changed, packed again: the gzip around it is whole, so that the signature has to notice.
        await Tool.OutputAsync("bash", "-c", $"""
            cd {_folder["svc"]} && mkdir x && tar xzf batch.tar.gz -C x && printf '\x01' | dd of=x/batch.tar.gz bs=1 seek=40 conv=notrunc 2>/dev/null && tar czf batch.tar.gz -C x config.yaml batch.tar.gz package.sign
            """);
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, ["bundle", "upload", _folder["svc/batch.tar.gz"], "--config", _folder["svc/config.yaml"], .. hub.As("sp"), "--json"]);
        Assert.True(code is 0 or Refused, error); // a small one may be judged before the answer
        using var bundle = JsonDocument.Parse(output);
        await RefusedAsync(Refused, ["verified"], ["bundle", "watch", bundle.RootElement.GetProperty("id").GetString()!, .. hub.As("sp")]);
        var (_, listed, _) = await Tool.RunAsync(Tool.Strata, ["resolve", "changed", .. hub.As("sp")]);
        Assert.DoesNotContain("changed 1.0.0", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_nothing_satisfies_is_refused_with_file_line_and_what_there_is() => await WithServiceAsync(
        "    dependencies:\n      - {identity: {type: layer, codename: nothing-of-this-name}, versions: '>=1.0.0'}\n",
        ["config.yaml:", "nothing-of-this-name"]);

    [Fact]
    public async Task A_range_that_contradicts_itself_is_refused_before_the_upload() => await WithServiceAsync(
        "    dependencies:\n      - {identity: {type: layer, codename: pylibs}, versions: '>=2.0.0,<1.0.0'}\n",
        ["config.yaml:", "contradict"]);

    [Fact]
    public async Task A_service_provider_may_not_register_units() =>
        await RefusedAsync(Refused, ["sp"], ["unit", "new", "u1", .. hub.As("sp")]);

    [Fact]
    public async Task An_option_that_is_not_there_is_a_usage_error() => await RefusedAsync(Usage, ["--no-such-option"], "layers", "list", "--no-such-option");

    private async Task WithServiceAsync(string needs, string[] words)
    {
        await WriteServiceAsync(needs);
        await RefusedAsync(Refused, words, ["service", "upload", "--config", _folder["svc/config.yaml"], .. hub.As("sp")]);
    }

    private async Task WriteServiceAsync(string needs)
    {
        Directory.CreateDirectory(_folder["svc/app"]);
        await File.WriteAllTextAsync(_folder["svc/app/main"], "#!/bin/sh\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _folder["svc/config.yaml"],
            "schemaVersion: 2\nitems:\n  - identity: {codename: changed, type: service}\n    version: 1.0.0\n    sourceFolder: app\n"
            + "    images:\n      - {sourceFolder: ., archInfo: {architecture: amd64}, osInfo: {os: linux}}\n    configuration: {cmd: /main}\n" + needs,
            TestContext.Current.CancellationToken);
    }

    private static async Task RefusedAsync(int expected, string[] words, params string[] command)
    {
        var (code, output, error) = await Tool.RunAsync(Tool.Strata, command);
        Assert.True(code == expected, $"{code} instead of {expected}: {error}{output}");
        Assert.All(words, word => Assert.Contains(word, error, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
