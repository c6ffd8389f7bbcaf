using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Signing;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>What is told of layers, over real layers in a real store.</summary>
public sealed class LayerCatalogueTests : IDisposable
{
    private readonly CatalogueGround _ground = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task What_the_version_before_and_the_parent_bring_too_is_counted_by_content_and_not_by_name()
    {
        await _ground.PublishAsync("base", "1.0.0", [("usr/lib/base.so", "base, 13 byte")]);
        await _ground.PublishAsync("lib", "1.0.0", [("usr/a", "kept"), ("usr/b", "changed"), ("usr/empty", "")]);
        await _ground.PublishAsync("lib", "1.1.0", [("usr/moved", "kept"), ("usr/twice", "kept"), ("usr/b", "anew"), ("usr/c", "base, 13 byte"), ("usr/empty", "")], parent: _ground["base", "1.0.0"]);

        var image = Assert.Single((await _ground.ShownAsync("lib", "1.1.0")).Images);
        Assert.Equal([("lib", "1.0.0", 8L), ("base", "1.0.0", 13L)], image.Shared.Select(s => (s.Codename, s.Version, s.Size)));
        Assert.Equal(("base", "1.0.0"), (image.Parent!.Codename, image.Parent.Version));
        Assert.Equal(25, image.UnpackedSize);
        Assert.Empty((await _ground.ShownAsync("lib", "1.0.0")).Images[0].Shared);
    }

    [Fact]
    public async Task A_version_of_an_early_release_has_no_file_index_and_is_told_all_the_same()
    {
        await _ground.PublishAsync("lib", "1.0.0", [("usr/a", "kept")], hasFileIndex: false);
        await _ground.PublishAsync("lib", "1.1.0", [("usr/a", "kept")]);
        var shown = await _ground.ShownAsync("lib", "1.1.0");
        Assert.Empty(shown.Images[0].Shared);
        Assert.Equal(["elf.json", "sbom.cdx.json", "sbom.spdx.json"], (await _ground.ShownAsync("lib", "1.0.0")).Images[0].Documents.Select(d => d.Name));
    }

    [Fact]
    public async Task A_damaged_index_of_the_version_before_is_no_reason_not_to_show_a_good_one()
    {
        await _ground.PublishAsync("lib", "1.0.0", [("usr/a", "kept")], damagedFileIndex: "[{");
        await _ground.PublishAsync("lib", "1.1.0", [("usr/a", "kept")]);
        await _ground.PublishAsync("lib", "1.2.0", [("usr/a", "kept")]);
        Assert.Empty((await _ground.ShownAsync("lib", "1.1.0")).Images[0].Shared);
        Assert.Single((await _ground.ShownAsync("lib", "1.2.0")).Images[0].Shared);
    }

    [Fact]
    public async Task Parents_and_children_are_told_to_those_who_may_see_them()
    {
        await _ground.PublishAsync("base", "1.0.0", [("usr/base", "base")]);
        await _ground.PublishAsync("child", "1.0.0", [("usr/a", "a")], parent: _ground["base", "1.0.0"]);
        await _ground.PublishAsync("hidden", "2.0.0", [("usr/b", "b")], parent: _ground["base", "1.0.0"]);
        _ground.Apply(new LayerShared(Sample.Oem, "hidden", new() { IsOpen = false }));

        Assert.Equal(["child 1.0.0", "hidden 2.0.0"], await ChildrenAsync(CatalogueGround.Oem));
        Assert.Equal(["child 1.0.0"], await ChildrenAsync(CatalogueGround.ServiceProvider));
        _ground.Apply(new LayerShared(Sample.Oem, "base", new() { IsOpen = false }));
        var shown = await _ground.ShownAsync("child", "1.0.0", CatalogueGround.ServiceProvider);
        Assert.Null(shown.Images[0].Parent);
        Assert.Equal(_ground["child", "1.0.0"].Images[0].Parent!.Unnamed(), shown.Descriptions[0].Parent); // its layer.json does not tell it either
        Assert.Equal("base", (await _ground.ShownAsync("child", "1.0.0")).Descriptions[0].Parent!.Name);

        async Task<IEnumerable<string>> ChildrenAsync(Strata.Hub.Access.Caller caller) => (await _ground.ShownAsync("base", "1.0.0", caller)).Children.Select(c => $"{c.Codename} {c.Version}");
    }

    [Fact]
    public async Task What_units_save_is_one_copy_less_than_they_have_services_with_it()
    {
        await _ground.PublishAsync("lib", "1.0.0", [("usr/a", "0123456789")]);
        _ground.Use("one", "lib", "car-1", "car-2");
        Assert.Equal(0, (await _ground.ShownAsync("lib", "1.0.0")).Images[0].SavedOnUnits);
        _ground.Use("two", "lib", "car-1", "car-2");
        _ground.Use("three", "lib", "car-2");

        var shown = await _ground.ShownAsync("lib", "1.0.0");
        Assert.Equal(30, shown.Images[0].SavedOnUnits); // one copy on car-1, two on car-2
        Assert.Equal(["one 1.0.0", "three 1.0.0", "two 1.0.0"], shown.UsedBy);
        Assert.Equal(0, (await _ground.ShownAsync("lib", "1.0.0", CatalogueGround.ServiceProvider)).Images[0].SavedOnUnits); // the units are not its to see
    }

    [Fact]
    public async Task Layers_are_found_by_platform_and_state_of_one_version_by_feature_owner_and_use()
    {
        await _ground.PublishAsync("lib", "1.0.0", [("usr/a", "1")], ["python3-six"]);
        await _ground.PublishAsync("lib", "2.0.0", [("usr/a", "2")], ["python3-yaml"]);
        await _ground.PublishAsync("other", "1.0.0", [("usr/a", "3")], platform: CatalogueGround.Arm64);
        _ground.Apply(new LayerVersionMoved(Sample.Oem, "lib", SemanticVersion.Parse("1.0.0"), new(ReleaseState.Yanked) { Reason = "wrong" }));
        _ground.Use("app", "lib", "car-1");

        Assert.Equal("lib other", await FoundAsync(new()));
        Assert.Equal("other", await FoundAsync(new() { Platform = "arm64" }));
        Assert.Equal("lib", await FoundAsync(new() { Platform = "linux/amd64", State = ReleaseState.Yanked }));
        Assert.Equal("", await FoundAsync(new() { Platform = "arm64", State = ReleaseState.Yanked }));
        Assert.Equal("lib", await FoundAsync(new() { Feature = "python3-yaml" }));
        Assert.Equal("", await FoundAsync(new() { Feature = "python3-six" }));
        Assert.Equal("lib", await FoundAsync(new() { Feature = "python3-six", State = ReleaseState.Yanked }));
        Assert.Equal("lib", await FoundAsync(new() { IsUsed = true }));
        Assert.Equal("other", await FoundAsync(new() { IsUsed = false }));
        Assert.Equal("", await FoundAsync(new() { Owner = "elsewhere.localhost" }));
        Assert.Equal("other", await FoundAsync(new() { Text = "OTH" }));

        async Task<string> FoundAsync(LayerFilter filter) => string.Join(' ', (await _ground.Catalogue.FindAsync(
            _ground.State, CatalogueGround.Oem, new(_ground.State, CatalogueGround.Oem), filter, Cancellation)).Select(l => l.Key.Codename));
    }

    [Fact]
    public async Task Who_signed_is_told_also_when_somebody_else_uploaded_and_when_the_bundles_record_is_gone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=release desk, O=OEM", key, HashAlgorithmName.SHA256).CreateSelfSigned(Sample.At, Sample.At.AddYears(1));
        _ground.Apply(
            new UserSeen(new("signer", "desk", ClientRole.Oem, Sample.Oem, Sample.Owner, Convert.ToBase64String(certificate.RawData), Sample.At)),
            new UserSeen(new("uploader", "anna", ClientRole.Oem, Sample.Oem, Sample.Owner, "", Sample.At)),
            new BundleReceived(Sample.Bundle, Sample.Digest("bundle"), 7, "uploader", Sample.Oem, Sample.At));
        await _ground.PublishAsync("lib", "1.0.0", [("usr/a", "1")]);
        _ground.Apply(new BundleDone(Sample.Bundle, [new(_ground["lib"].Id, "layer", "lib", "1.0.0")], [], Sample.At, null, "signer"));

        // The same content again is no second origin.
        _ground.Apply(
            new BundleReceived(Sample.Subject, Sample.Digest("again"), 7, "uploader", Sample.Oem, Sample.At.AddDays(1)),
            new BundleDone(Sample.Subject, [new(_ground["lib"].Id, "layer", "lib", "1.0.0")], [], Sample.At.AddDays(1), null, "uploader"),
            new BundleDeleted(Sample.Bundle));

        var brought = (await _ground.ShownAsync("lib", "1.0.0")).Provenance!;
        Assert.Equal(((Guid?)Sample.Bundle, Sample.Digest("bundle"), "desk", "CN=release desk, O=OEM", "signer", Sample.At), (brought.BundleId, brought.BundleDigest, brought.SignedBy, brought.Subject, brought.Kid, brought.JudgedAt));
    }

    [Fact]
    public async Task Files_are_found_by_path_target_package_and_digest()
    {
        var description = await _ground.PublishAsync("lib", "1.0.0", [
            ("usr/lib/six.py", "import"), ("usr/share/doc", "x"),
            ("var/lib/dpkg/info/six.list", "/.\n/usr/lib/six.py\n"), ("var/lib/dpkg/status.d/six", "Package: six\nVersion: 1.16.0\nArchitecture: all\n\n")]);
        Assert.Equal(["usr/lib/six.py", "var/lib/dpkg/info/six.list", "var/lib/dpkg/status.d/six"], await FoundAsync("SIX", null));
        Assert.Equal(["usr/lib/six.py"], await FoundAsync("d942f648", IndexedKind.File));
        Assert.Empty(await FoundAsync("", IndexedKind.Directory));

        async Task<IEnumerable<string>> FoundAsync(string text, IndexedKind? kind)
        {
            var (_, index) = (await _ground.Catalogue.DocumentAsync(description, FileIndex.FileName, Cancellation))!.Value;
            await using (index) return (await FileLines.ReadEachAsync(index, text, kind, Cancellation).PartAsync(0, 100, Cancellation)).Rows.Select(r => r.Path);
        }
    }

    [Fact]
    public async Task A_part_holds_no_more_than_was_asked_for_and_knows_the_whole()
    {
        Assert.Equal(([3, 4], 9), await Numbers().PartAsync(3, 2, Cancellation) switch { var (rows, total) => (rows.ToEquatableList(), total) });
        Assert.Equal(9, (await Numbers().PartAsync(20, 2, Cancellation)).Total);

        static async IAsyncEnumerable<int> Numbers()
        {
            await Task.CompletedTask;
            for (var i = 0; i < 9; i++) yield return i;
        }
    }
}
