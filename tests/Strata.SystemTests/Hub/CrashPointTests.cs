using System.Diagnostics;
using System.Text.RegularExpressions;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Hub;

/// <summary>The hub ends by SIGKILL at every named point of publishing, one after the other, while it judges the same bundle.</summary>
public sealed partial class CrashPointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bundle_that_the_log_knows_is_judged_once_and_never_sent_again_wherever_the_hub_ends()
    {
        var all = await PointsAsync();
        Assert.Equal(["BeforeIndexed", "AfterIndexed"], all[^2..]); // the index follows at its own time
        var points = all[..^2];
        Assert.Equal(["UploadKept", "UploadLogged"], points[..2]);
        Assert.True(points.Count > 5, string.Join(", ", points));
        await using var rig = await HubRig.StartAsync();
        var sound = await rig.LayerFolderAsync("sound", "1.0.0", await File.ReadAllBytesAsync("/bin/true", Cancellation));
        var wrong = await rig.LayerFolderAsync("sound", "1.0.0", "other content under the same version"u8.ToArray());
        foreach (var (folder, key, state, passed) in new[]
        {
            (sound, "sound", "done", points),
            (wrong, "wrong", "error", points.Where(p => p is "UploadLogged" or "BeforeUnpacked" or "AfterStored" or "AfterVerdict").ToList()),
        })
        {
            await rig.KillAsync();
            await rig.StartHubAsync(crashAt: passed[0]);
            await Assert.ThrowsAsync<HttpRequestException>(() => rig.UploadAsync(folder, key));
            await rig.EndAsync();
            if (passed[0] == "UploadKept")
            {
                // Nobody was answered and the log knows of nothing: this one point asks for the bundle again.
                await rig.StartHubAsync(crashAt: passed[1]);
                Assert.Equal(0, (await rig.GetAsync("deployment-bundles/")).GetProperty("total").GetInt32());
                Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Data, "bundles")));
                await Assert.ThrowsAsync<HttpRequestException>(() => rig.UploadAsync(folder, key));
                await rig.EndAsync();
            }
            foreach (var point in passed.Skip(passed.IndexOf("UploadLogged") + 1)) await rig.CrashAsync(point);
            await rig.StartHubAsync();

            var bundle = (await rig.GetAsync("deployment-bundles/")).GetProperty("items")[0];
            var judged = await rig.JudgedAsync(bundle.GetProperty("id").GetString()!);
            Assert.True(judged.GetProperty("state").GetString() == state, judged.ToString());
            var (status, same) = await rig.UploadAsync(folder, key);
            Assert.Equal((200, bundle.GetProperty("id").GetString()), (status, same.GetProperty("id").GetString()));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Data, "bundles")));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Data, "scratch")));
        }
        Assert.Equal(2, (await rig.GetAsync("deployment-bundles/")).GetProperty("total").GetInt32());
        Assert.Single((await rig.GetAsync("layers/")).GetProperty("items").EnumerateArray());
        Assert.Single((await rig.GetAsync("layers/sound/")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task The_index_finds_all_and_nothing_twice_wherever_the_hub_ends_while_it_is_made()
    {
        await using var rig = await HubRig.StartAsync();
        async Task<string> PublishAsync(string version, string file)
        {
            var config = RawBundle.LayerConfig("lib").Replace("1.0.0", version, StringComparison.Ordinal);
            byte[] layer = RawBundle.Pack(RawBundle.File("usr/lib/kept.so", [1]), RawBundle.File(file, [2]));
            return (await RawBundle.JudgeAsync(rig, PkiFiles.OemUser, config, RawBundle.File("lib/layer.tar.gz", layer))).State;
        }
        async Task<string[]> FoundAsync()
        {
            var found = await HubRig.UntilAsync(() => rig.GetAsync("search/?q=usr/lib/&kind=file"), f => f.GetProperty("behind").GetInt64() == 0);
            return [.. found.GetProperty("items").EnumerateArray()
                .Select(i => $"{i.GetProperty("name").GetString()} in {string.Join(", ", i.GetProperty("versions").EnumerateArray().Select(s => $"{s.GetProperty("first").GetString()} to {s.GetProperty("last").GetString()}"))}")
                .Order(StringComparer.Ordinal)];
        }
        Assert.Equal("done", await PublishAsync("1.0.0", "usr/lib/old.so"));
        await FoundAsync();
        await rig.KillAsync();

        await rig.StartHubAsync(crashAt: "BeforeIndexed");
        try
        {
            await PublishAsync("1.1.0", "usr/lib/new.so");
        }
        catch (HttpRequestException)
        {
            // It ended before it had told the verdict.
        }
        await rig.EndAsync();
        await rig.CrashAsync("BeforeIndexed");
        await rig.CrashAsync("AfterIndexed");
        await rig.StartHubAsync();
        string[] all = ["usr/lib/kept.so in 1.0.0 to 1.1.0", "usr/lib/new.so in 1.1.0 to 1.1.0", "usr/lib/old.so in 1.0.0 to 1.0.0"];
        Assert.Equal(all, await FoundAsync());

        // And anew from nothing, as after a restore without it.
        await rig.KillAsync();
        foreach (var file in Directory.GetFiles(rig.Data, "index.db*")) File.Delete(file);
        await rig.CrashAsync("BeforeIndexed");
        await rig.CrashAsync("AfterIndexed");
        await rig.StartHubAsync();
        Assert.Equal(all, await FoundAsync());
    }

    /// <summary>The hub itself says which points it has.</summary>
    private static async Task<List<string>> PointsAsync()
    {
        var hub = new ProcessStartInfo(Path.Combine(Repository.Root, "artifacts/bin/Strata.Hub/release/strata-hub"), ["--data", "none", "--pki", "none"]) { RedirectStandardError = true };
        hub.Environment["STRATA_CRASH_AT"] = "nowhere";
        using var process = Process.Start(hub)!;
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(2, process.ExitCode);
        return [.. Names().Match(error).Groups[1].Value.Split(", ")];
    }

    [GeneratedRegex("none of (.*)\\. Unset it")]
    private static partial Regex Names();
}
