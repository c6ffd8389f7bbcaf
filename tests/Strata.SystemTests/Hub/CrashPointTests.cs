using System.Diagnostics;
using System.Text.RegularExpressions;
using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Hub;

/// <summary>The hub ends by SIGKILL at every named point of publishing, and the uploader tries again as one does who got no answer.</summary>
public sealed partial class CrashPointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bundle_is_published_once_wherever_the_hub_ends()
    {
        var points = await PointsAsync();
        Assert.True(points.Count > 5, string.Join(", ", points));
        await using var rig = await HubRig.StartAsync();
        foreach (var point in points)
        {
            var codename = point.ToLowerInvariant();
            var folder = await rig.LayerFolderAsync(codename, "1.0.0", await File.ReadAllBytesAsync("/bin/true", Cancellation));
            await rig.KillAsync();
            await rig.StartHubAsync(crashAt: point);
            try
            {
                Assert.Equal(201, (await rig.UploadAsync(folder, codename)).Status); // nobody answers when it ends before that
            }
            catch (HttpRequestException)
            {
            }
            await rig.EndAsync();
            await rig.StartHubAsync();

            var (status, bundle) = await rig.UploadAsync(folder, codename);
            Assert.True(status is 200 or 201, $"{point}: {status}");
            var judged = await rig.JudgedAsync(bundle.GetProperty("id").GetString()!);
            Assert.True(judged.GetProperty("state").GetString() == "done", $"{point}: {judged}");
            Assert.Equal("ready", judged.GetProperty("step").GetString());
            Assert.Single((await rig.GetAsync($"layers/{codename}/")).GetProperty("versions").EnumerateArray());
            Assert.Equal(1, (await rig.GetAsync($"deployment-bundles/?search={codename}")).GetProperty("total").GetInt32());
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Data, "bundles")));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Data, "scratch")));
        }
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
