using System.Formats.Tar;
using System.IO.Compression;
using Strata.Hub.State;
using Strata.Tests.Artifacts.Layers;

namespace Strata.Tests.Hub.Publishing;

public sealed class BundlePublisherTests : IDisposable
{
    private readonly PublishingGround _ground = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData(-2, "is valid only from")]
    [InlineData(2, "expired")]
    public async Task A_bundle_is_refused_whose_certificate_was_out_of_its_time_when_the_bundle_came(int years, string reason)
    {
        var judged = await _ground.JudgeAsync(await SoundAsync(), PublishingGround.Pki.Now.AddYears(years));
        Assert.Equal(BundleState.Error, judged.State);
        Assert.Contains(reason, Assert.Single(judged.BuildInfo), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_ended_while_the_bundle_waited_was_good_when_it_came()
    {
        var judged = await _ground.JudgeAsync(await SoundAsync(), PublishingGround.Pki.Now.AddDays(1));
        Assert.True(judged.State == BundleState.Done, string.Join(' ', judged.BuildInfo));
    }

    [Fact]
    public async Task A_layer_of_another_form_is_published_as_it_is_and_the_build_log_says_so()
    {
        var sound = await _ground.JudgeAsync(await SoundAsync(), PublishingGround.Pki.Now);
        Assert.DoesNotContain(sound.BuildInfo, l => l.Contains("canonical", StringComparison.Ordinal));

        using var other = new PublishingGround();
        using var file = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "usr/a") { DataStream = new MemoryStream([1]) }, Cancellation);
        var judged = await other.JudgeAsync(file.ToArray(), PublishingGround.Pki.Now);
        Assert.Equal(BundleState.Done, judged.State);
        Assert.Contains("not of canonical form, and is published as it is. Its headers say more", Assert.Single(judged.BuildInfo), StringComparison.Ordinal);
        Assert.Contains(await other.LogAsync(judged), l => l.Step == "checked" && l.Text.Contains("canonical form", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_layer_whose_files_add_up_to_nothing_is_published_with_a_warning()
    {
        var judged = await _ground.JudgeAsync((await LayerOf.FilesAsync(("usr/", ""), ("usr/empty", ""))).Bytes, PublishingGround.Pki.Now);
        Assert.Equal(BundleState.Done, judged.State);
        Assert.Contains("add up to 0 bytes", Assert.Single(judged.BuildInfo), StringComparison.Ordinal);
        Assert.Contains(await _ground.LogAsync(judged), l => l.Level == "warning");
    }

    private static async Task<byte[]> SoundAsync() => (await LayerOf.FilesAsync(("usr/", ""), ("usr/a", "1"))).Bytes;
}
