using System.Security.Cryptography;
using System.Text.Json;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Bundles;

/// <summary>What is remembered of an upload until its bundle is known: a small file beside the bundle.</summary>
/// <param name="Hub">The API's address.</param>
/// <param name="Digest">Of the bundle; another bundle under the same name begins anew.</param>
/// <param name="Key">Idempotency key: an answer that was lost is answered again instead of making a second bundle.</param>
/// <param name="Location">Address of the upload; null until there is one.</param>
internal sealed record UploadMemory(string Hub, string Digest, long Size, string Key, string? Location);

/// <summary>Sends a bundle so that neither a broken connection nor the end of this process or of the hub costs what was sent.</summary>
/// <remarks>Source: docs/formats/bundle.md, "Upload".</remarks>
internal sealed class ResumableUpload(HubClient hub, Terminal terminal, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>How long the hub may be away once it was there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Sends <paramref name="bundle"/>, from where an earlier attempt stopped.</summary>
    /// <exception cref="CommandFailure">The hub refused it, or was away too long; then what was sent is kept.</exception>
    public async Task<BundleInfo> SendAsync(FileStream bundle, Progress step, CancellationToken cancellation)
    {
        var file = $"{bundle.Name}.upload";
        step.Report("reading it");
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(bundle, cancellation))}";
        var memory = Recall(file, digest, bundle.Length) ?? new(hub.Api.ToString(), digest, bundle.Length, Guid.NewGuid().ToString("N"), null);
        Remember(file, memory);
        try
        {
            var answer = await SendAsync(bundle, file, memory, new Shown(step, bundle.Length), cancellation);
            if (answer.Digest is { } received && received != digest)
                throw new CommandFailure(ExitCode.Refused, $"The hub has {received} where {digest} was sent. Upload again.");
            Forget(file);
            return answer;
        }
        catch (CommandFailure failure) when (failure.Code is ExitCode.Refused)
        {
            Forget(file); // the next attempt is another upload
            throw;
        }
        catch (OperationCanceledException) when (File.Exists(file))
        {
            terminal.Note("What was sent is kept: run the command again, and it goes on from there.");
            throw;
        }
    }

    private async Task<BundleInfo> SendAsync(FileStream bundle, string file, UploadMemory memory, IProgress<long> progress, CancellationToken cancellation)
    {
        var upload = memory.Location is null ? null : new Uri(memory.Location);
        var state = upload is null ? null : await hub.UploadAsync(upload, cancellation);
        if (state is null)
        {
            upload = await hub.CreateUploadAsync(bundle.Length, Path.GetFileName(bundle.Name), memory.Key, cancellation);
            if (upload is null)
            {
                bundle.Position = 0;
                return await hub.UploadBundleAsync(bundle, bundle.Length, Path.GetFileName(bundle.Name), memory.Key, progress, cancellation);
            }
            Remember(file, memory with { Location = upload.ToString() });
            state = new(0, null);
        }
        else if (state is { Offset: > 0, Bundle: null })
        {
            terminal.Note($"Going on at {state.Offset / 1e6:0.0} of {bundle.Length / 1e6:0.0} MB.");
        }
        var id = await CompleteAsync(bundle, upload!, state, progress, cancellation);
        return await hub.BundleAsync(id, cancellation);
    }

    /// <summary>Sends what is missing until the hub names the bundle.</summary>
    /// <exception cref="CommandFailure">The hub was away, or took nothing more, for longer than <see cref="Patience"/>.</exception>
    private async Task<string> CompleteAsync(FileStream bundle, Uri upload, UploadState state, IProgress<long> progress, CancellationToken cancellation)
    {
        UploadState? now = state;
        long? stuck = null;
        var (pause, reached, why) = (FirstPause, state.Offset, "");
        while (true)
        {
            try
            {
                now ??= await hub.UploadAsync(upload, cancellation)
                    ?? throw new CommandFailure(ExitCode.Refused, "The hub forgot the upload. Upload again; it begins anew.");
                if (now.Bundle is { } id) return id;
                if (now.Offset > reached) (stuck, pause, reached) = (null, FirstPause, now.Offset);
                bundle.Position = Math.Min(now.Offset, bundle.Length);
                (now, why) = await hub.ContinueUploadAsync(upload, bundle, bundle.Position, bundle.Length, progress, cancellation);
                if (now is { Bundle: not null }) continue;
            }
            catch (CommandFailure broken) when (broken.Code == ExitCode.Unavailable)
            {
                (now, why) = (null, broken.Message);
            }
            stuck ??= clock.GetTimestamp(); // since the last piece ended, however long it took
            if (clock.GetElapsedTime(stuck.Value) > Patience)
                throw new CommandFailure(ExitCode.Unavailable, $"{why} For {Patience.TotalMinutes:0} minutes the upload did not advance. What was sent is kept: run the command again, and it goes on from there.");
            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Without the file an upload that breaks off begins anew, and that is all: the folder may be one that only reads.</summary>
    private void Remember(string file, UploadMemory memory)
    {
        try
        {
            WholeFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(memory, BundleJson.Default.UploadMemory));
        }
        catch (CommandFailure unwritable)
        {
            if (memory.Location is null) terminal.Note($"{unwritable.Message} An upload that breaks off will begin anew.");
        }
    }

    private static void Forget(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // It names an upload that is over; the next one sees that and begins anew.
        }
    }

    private UploadMemory? Recall(string file, string digest, long size)
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: < 64 << 10 }) return null;
            var memory = JsonSerializer.Deserialize(File.ReadAllBytes(file), BundleJson.Default.UploadMemory);
            return memory is { Key.Length: > 0 } && memory.Hub == hub.Api.ToString() && memory.Digest == digest && memory.Size == size
                && (memory.Location is null || (Uri.TryCreate(memory.Location, UriKind.Absolute, out var location) && location.Authority == hub.Api.Authority && location.Scheme == hub.Api.Scheme)) ? memory : null;
        }
        catch (JsonException)
        {
            return null; // another tool's, or damaged: it is only a shortcut
        }
    }
}
