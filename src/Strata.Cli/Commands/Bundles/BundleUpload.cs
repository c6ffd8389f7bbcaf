using System.Text.Json.Serialization;
using Strata.Artifacts.Bundles;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Bundles;

/// <summary>Sends a bundle and waits for what the hub makes of it.</summary>
internal sealed class BundleUpload(HubClient hub, Terminal terminal, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private const double Growth = 1.2; // an answer is noticed within a fifth of the time that it took

    /// <summary>How long the hub may take; it keeps the bundle in any case.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Uploads <paramref name="file"/>.</summary>
    /// <exception cref="CommandFailure">It is not there, or the hub refused it or was not reached.</exception>
    public async Task<BundleInfo> SendAsync(string file, CancellationToken cancellation)
    {
        await using var bundle = await OpenAsync(file, cancellation);
        using var step = terminal.Begin($"Uploading {Path.GetFileName(file)}");
        return await new ResumableUpload(hub, terminal, clock).SendAsync(bundle, step, cancellation);
    }

    /// <summary>Opens a bundle to be sent.</summary>
    /// <exception cref="CommandFailure">It is not there, or is no bundle.</exception>
    public static async Task<FileStream> OpenAsync(string file, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        if (Directory.Exists(path)) throw new CommandFailure(ExitCode.Refused, $"{path} is a folder; name the bundle in it, such as batch.tar.gz.");
        FileStream bundle;
        try
        {
            bundle = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{path} is not there. Make it with: strata bundle sign");
        }
        if (await BundleFirstLook.ProblemAsync(bundle, cancellation) is { } problem)
        {
            await bundle.DisposeAsync();
            throw new CommandFailure(ExitCode.Refused, $"{path} is no signed bundle, and was not sent. {problem} Make one with: strata bundle sign");
        }
        bundle.Position = 0;
        return bundle;
    }

    /// <summary>Waits until the hub says done or error.</summary>
    /// <exception cref="CommandFailure">The hub found an error in it, or did not decide in time.</exception>
    public async Task<BundleInfo> WaitAsync(BundleInfo bundle, CancellationToken cancellation)
    {
        bundle = await SettleAsync(bundle, cancellation);
        return bundle.IsError
            ? throw new CommandFailure(ExitCode.Refused, bundle.BuildLines.Count == 0
                ? $"The hub refused bundle {bundle.Id} and did not say why; look at its log."
                : $"The hub refused bundle {bundle.Id}:\n  {string.Join("\n  ", bundle.BuildLines)}")
            : bundle;
    }

    /// <summary>Waits until the hub says done or error, and returns either.</summary>
    /// <exception cref="CommandFailure">The hub did not decide in time.</exception>
    public async Task<BundleInfo> SettleAsync(BundleInfo bundle, CancellationToken cancellation)
    {
        using var step = terminal.Begin("Waiting for the hub");
        var start = clock.GetTimestamp();
        for (var pause = FirstPause; !bundle.IsDone && !bundle.IsError; pause = pause * Growth < LongestPause ? pause * Growth : LongestPause)
        {
            if (clock.GetElapsedTime(start) > Patience)
                throw new CommandFailure(ExitCode.Unavailable, $"The hub still has bundle {bundle.Id} in state '{bundle.State}' after {Patience.TotalSeconds:0} s. It keeps the bundle: watch it with: strata bundle watch {bundle.Id}");
            await Task.Delay(pause, clock, cancellation);
            bundle = await hub.BundleAsync(bundle.Id, cancellation);
            step.Report(bundle.State);
        }
        return bundle;
    }

    /// <summary>The bundle as a result.</summary>
    public static UploadedBundle Result(BundleInfo bundle) => new(
        bundle.Id, bundle.State, [.. (bundle.Items ?? []).Select(i => new UploadedItem(i.Type, i.Codename, i.Version))], [.. bundle.BuildLines], bundle.FileSize, bundle.Digest, null)
    {
        ReceivedAt = bundle.ReceivedAt,
    };

    /// <summary>Writes how the bundle stands, for people or as JSON.</summary>
    public static void Report(BundleInfo bundle, string? file, Terminal terminal)
    {
        var result = Result(bundle) with { File = file };
        terminal.Result(result, BundleJson.Default.UploadedBundle, text =>
        {
            text.WriteLine($"{result.State}: bundle {result.Id}");
            foreach (var item in result.Items) text.WriteLine($"  {item.Type} {item.Codename} {item.Version}");
            foreach (var line in result.BuildInfo) text.WriteLine($"  {line}");
        });
    }
}

/// <summary>Result of an upload.</summary>
internal sealed record UploadedBundle(string Id, string State, UploadedItem[] Items, string[] BuildInfo, long? FileSize, string? Digest, string? File)
{
    /// <summary>When it arrived.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
}

/// <summary>An item of an uploaded bundle.</summary>
internal sealed record UploadedItem(string? Type, string? Codename, string? Version);

/// <summary>Result of signing.</summary>
/// <param name="Size">Bytes; of what goes in when it is a rehearsal.</param>
internal sealed record BundleSigned(string File, long Size, UploadedItem[] Items)
{
    /// <summary>Nothing was written.</summary>
    [JsonPropertyName("dryRun")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRehearsal { get; init; }

    /// <summary>Where a rehearsal would have sent it.</summary>
    public string? Hub { get; init; }

    /// <summary>The subject of the certificate that would sign.</summary>
    public string? Signer { get; init; }
}

/// <summary>JSON of the bundle commands' results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadedBundle))]
[JsonSerializable(typeof(UploadedBundle[]))]
[JsonSerializable(typeof(UploadMemory))]
[JsonSerializable(typeof(BundleSigned))]
[JsonSerializable(typeof(ValidatedBundle))]
[JsonSerializable(typeof(BundleStarted))]
internal sealed partial class BundleJson : JsonSerializerContext;
