using System.Formats.Tar;
using System.IO.Compression;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Layers;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Xunit;

namespace Strata.Tests.Artifacts.Layers;

public sealed class LayerVerificationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_layer_that_is_what_its_description_says_has_no_mismatch()
    {
        var found = await VerifyAsync(about => about);
        Assert.Empty(found.Mismatches);
        Assert.Empty(found.Departures);
    }

    [Fact]
    public async Task Everything_that_differs_is_listed_with_both_values()
    {
        var other = DiffId.Parse($"sha256:{new string('a', 64)}");
        var found = await VerifyAsync(about => about with
        {
            Libraries = [new("six", "1.15", "deb"), new("gone", "1", "deb")],
            Archive = about.Archive with { DiffId = other, Size = 1, UnpackedSize = 2, Entries = 3 },
        });
        foreach (var said in new[] { $"layer.json says {other}", "layer.json says 1.", "layer.json says 2.", "layer.json says 3.", "six 1.15, and the layer holds 1.16", "gone 1, and the layer does not hold it" })
            Assert.Contains(found.Mismatches, m => m.Contains(said, StringComparison.Ordinal));
        Assert.Equal(6, found.Mismatches.Count);
        Assert.Contains("The layer holds the deb library six 1.16, and layer.json does not name it.", Assert.Single((await VerifyAsync(about => about with { Libraries = [] })).Mismatches), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_out_of_order_is_no_longer_of_canonical_form()
    {
        var layer = await LayerOf.FilesAsync(("usr/b", "1"), ("usr/a", "2"));
        var form = (await LayerInspector.InspectFileAsync(layer.Open(), null, Cancellation)).Form;
        Assert.Equal("Entries are not sorted: File 'usr/a' stands after File 'usr/b'.", Assert.Single(form.Departures));
    }

    [Fact]
    public async Task A_directory_comes_before_what_is_in_it_and_that_before_the_next_name()
    {
        var layer = await LayerOf.FilesAsync(("usr/", ""), ("usr/a/", ""), ("usr/a/x", "1"), ("usr/a-b", "2"));
        Assert.True((await LayerInspector.InspectFileAsync(layer.Open(), null, Cancellation)).Form.IsCanonical);
    }

    [Fact]
    public async Task A_layer_with_long_names_whole_blocks_and_an_end_is_of_canonical_form_and_one_bit_of_a_header_more_is_not()
    {
        var layer = await LayerOf.FilesAsync(("usr/empty", ""), ("usr/exact", new string('x', 512)), ("usr/" + new string('n', 200), "1"), ("usr/o", new string('y', 300_000)));
        Assert.True((await LayerInspector.InspectFileAsync(layer.Open(), null, Cancellation)).Form.IsCanonical);

        using var tar = new MemoryStream();
        await using (var unpacked = new GZipStream(layer.Open(), CompressionMode.Decompress)) await unpacked.CopyToAsync(tar, Cancellation);
        tar.Write(new byte[512]); // a third block of zeros at the end
        tar.Position = 0;
        var form = (await LayerInspector.InspectFileAsync(tar, null, Cancellation)).Form;

        Assert.Equal(2, form.Departures.Count);
        Assert.StartsWith("Its headers say more", form.Departures[0], StringComparison.Ordinal);
        Assert.Equal("It is not compressed with gzip.", form.Departures[1]);
    }

    [Fact]
    public async Task A_tar_of_another_maker_says_more_than_its_entries_need()
    {
        using var file = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "usr/a") { DataStream = new MemoryStream([1]) }, Cancellation);
        file.Position = 0;
        var form = (await LayerInspector.InspectFileAsync(file, null, Cancellation)).Form;
        Assert.StartsWith("Its headers say more", Assert.Single(form.Departures), StringComparison.Ordinal);
    }

    private static async Task<LayerVerification> VerifyAsync(Func<LayerDescription, LayerDescription> change)
    {
        var layer = await LayerOf.FilesAsync(("usr/lib/six.py", "code"), ("var/lib/dpkg/status.d/six", "Package: six\nVersion: 1.16\nArchitecture: all\n"));
        var inspected = await LayerInspector.InspectFileAsync(layer.Open(), null, Cancellation);
        var about = new LayerDescription
        {
            Name = "six-layer", Codename = "six", Version = SemanticVersion.Parse("1.0.0"), Platform = new("amd64"),
            Libraries = inspected.Content.Libraries, Archive = layer.Archive,
        };
        return await LayerVerification.OfAsync(change(about), layer.Open(), null, Cancellation);
    }
}
