using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Hub.Persistence;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Hub.Targets;

/// <summary>What publishing a target came to.</summary>
internal abstract record TargetOutcome
{
    private TargetOutcome() { }

    /// <summary>It stands in the hub; <paramref name="IsNew"/> is false when it stood so before.</summary>
    public sealed record Published(TargetRow Target, bool IsNew) : TargetOutcome;

    /// <summary>Nothing of it was taken.</summary>
    /// <param name="Status">400 for what cannot be read or trusted, 422 for what contradicts itself.</param>
    public sealed record Refused(int Status, IReadOnlyList<string> Reasons) : TargetOutcome;
}

/// <summary>Takes a target in: the signed document first, so that whatever follows is bounded by it and held to its digests.</summary>
internal sealed class TargetIntake(HubOptions options, HubTrust trust, HubWriter writer, IBlobs blobs, HubFiles files, TimeProvider clock) : IDisposable
{
    /// <summary>Name of the part with the signed document.</summary>
    public const string DocumentPart = "document";

    /// <summary>Name of the part with the base itself.</summary>
    public const string BasePart = "base.tar.gz";

    /// <summary>Characters of the signed document: forty thousand packages.</summary>
    public const int LongestDocument = 4 * 1024 * 1024;

    private static readonly ArchiveLimits Limits = new() { Devices = true };

    // A document or a base is held in memory several times over while it is judged: one at a time.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Reads the form and publishes what is in it, whole or not at all.</summary>
    /// <exception cref="IOException">The form breaks off or is larger than it says, or the disk is full.</exception>
    public async Task<TargetOutcome> TakeAsync(Caller caller, FormParts parts, CancellationToken cancellation)
    {
        if (await parts.NextAsync(cancellation) is not { Name: DocumentPart } first)
            return Refused(StatusCodes.Status400BadRequest, $"The form's first part has to be '{DocumentPart}', the signed target document.");
        var (signed, refusal) = Verify(await TextAsync(first.Content, cancellation), caller);
        if (signed is null) return refusal!;
        var (payload, mistakes) = TargetPayload.Read(signed.Document.Span, options.MaxBundleBytes);
        if (payload is null) return new TargetOutcome.Refused(StatusCodes.Status422UnprocessableEntity, mistakes);

        var taken = new Dictionary<string, IngestedBlob>(StringComparer.Ordinal);
        while (await parts.NextAsync(cancellation) is { } part)
        {
            if (Promised(payload, part.Name) is not var (digest, size))
                return Refused(StatusCodes.Status422UnprocessableEntity, $"The form holds a part '{Quote.Short(part.Name)}' that the signed document does not name.");
            if (taken.ContainsKey(part.Name)) return Refused(StatusCodes.Status422UnprocessableEntity, $"The form holds the part '{Quote.Short(part.Name)}' twice.");
            await using var verified = new VerifyingStream(part.Content, digest, size, leaveOpen: true);
            taken[part.Name] = await blobs.IngestAsync(verified, size, cancellation);
        }
        var missing = payload.Documents.Where(d => !taken.ContainsKey(d.Name)).Select(d => $"The signed document names '{d.Name}', and the form does not hold it.").ToList();
        if (missing.Count > 0) return new TargetOutcome.Refused(StatusCodes.Status422UnprocessableEntity, missing);

        await _one.WaitAsync(cancellation);
        try
        {
            var faults = await FaultsAsync(payload, taken, cancellation);
            return faults.Count > 0
                ? new TargetOutcome.Refused(StatusCodes.Status422UnprocessableEntity, faults)
                : await KeepAsync(caller, signed, payload, taken, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static (Digest Digest, long Size)? Promised(TargetPayload payload, string part) =>
        part == BasePart && payload.Archive is { } archive ? (archive.Digest, archive.Size)
        : payload.Documents.FirstOrDefault(d => d.Name == part) is { } document ? (document.Digest, document.Size)
        : null;

    private static async Task<string> TextAsync(Stream content, CancellationToken cancellation)
    {
        await using var bounded = new BoundedStream(content, LongestDocument, "The target document", leaveOpen: true);
        using var reader = new StreamReader(bounded, Encoding.ASCII);
        return (await reader.ReadToEndAsync(cancellation)).Trim();
    }

    private (Signed? Signed, TargetOutcome? Refusal) Verify(string text, Caller caller)
    {
        // Its own certificates only: another OEM's signature says nothing about this one's target.
        var signers = writer.State.Users.Values.Where(u => u.Owner == caller.Owner && u.Role == caller.Role && !writer.State.IsRevoked(u.Kid))
            .Select(u => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(u.Certificate))).ToList();
        try
        {
            return new JwsVerifier(trust.Users, clock).Verify(text, signers, LongestDocument) switch
            {
                SignatureVerdict.Trusted trusted => (new(trusted.Content.Payload, Kid.Of(trusted.Content.Signer)), null),
                SignatureVerdict.Refused refused => (null, Refused(StatusCodes.Status400BadRequest, refused.Detail)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            foreach (var signer in signers) signer.Dispose();
        }
    }

    /// <summary>What contradicts itself: an index that is none, or a base that holds something else than the documents say.</summary>
    private async Task<IReadOnlyList<string>> FaultsAsync(TargetPayload payload, Dictionary<string, IngestedBlob> taken, CancellationToken cancellation)
    {
        var looked = BasePart;
        try
        {
            if (taken.TryGetValue(BasePart, out var archive)) return await ContradictionsAsync(payload, archive.Digest, cancellation);
            foreach (var name in BaseDocuments.Names.Where(taken.ContainsKey))
            {
                looked = name;
                await using var file = await blobs.OpenAsync(taken[name].Digest, cancellation) ?? throw Gone(taken[name].Digest);
                await BaseDocuments.CheckAsync(name, file, cancellation);
            }
            return [];
        }
        catch (JsonException problem)
        {
            return [$"{looked} cannot be read: {problem.Message}"];
        }
        catch (ArchiveRefusedException refused)
        {
            return [$"{looked}: {refused.Message}"];
        }
    }

    private async Task<IReadOnlyList<string>> ContradictionsAsync(TargetPayload payload, Digest archive, CancellationToken cancellation)
    {
        var scratch = files.NewScratch();
        try
        {
            await using var file = await blobs.OpenAsync(archive, cancellation) ?? throw Gone(archive);
            var inspected = await LayerInspector.InspectFileAsync(file, LayerDocuments.Inspection(() => SpoolFile.Create(scratch)) with { Limits = Limits }, cancellation);
            var faults = new List<string>();
            if (inspected.DiffId != payload.Archive!.DiffId) faults.Add($"{BasePart} has the diff id {inspected.DiffId}, and the signed document says {payload.Archive.DiffId}.");
            if (inspected.Content.UnpackedSize != payload.Archive.UnpackedSize) faults.Add($"{BasePart} has {inspected.Content.UnpackedSize} bytes unpacked, and the signed document says {payload.Archive.UnpackedSize}.");
            foreach (var said in payload.Documents)
            {
                await using var derived = SpoolFile.Create(scratch);
                if (BaseDocuments.Write(said.Name, derived, inspected.Content).Digest != said.Digest)
                    faults.Add($"{said.Name} is not what {BasePart} shows. Publish again with the strata of this hub's release.");
            }
            return faults;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task<TargetOutcome> KeepAsync(Caller caller, Signed signed, TargetPayload payload, Dictionary<string, IngestedBlob> taken, CancellationToken cancellation)
    {
        await using var content = new MemoryStream(signed.Document.ToArray(), writable: false);
        var document = await blobs.IngestAsync(content, content.Length, cancellation);
        var (id, now) = (Guid.NewGuid(), clock.GetUtcNow());
        return await writer.CommitAsync(state =>
        {
            var present = state.Targets.GetValueOrDefault(HubState.TargetKey(caller.Owner, payload.Name));
            var hasBase = taken.ContainsKey(BasePart) || (present is { HasBase: true } && present.Archive == payload.Archive);
            if (present?.Document == document.Digest && present.HasBase == hasBase)
                return new Decision<TargetOutcome>(new TargetOutcome.Published(present, IsNew: false));
            var fresh = new TargetRow(present?.Id ?? id, caller.Owner, payload.Name, payload.Identity, payload.Platform, document.Digest, now)
            {
                DocumentSize = document.Size,
                SignedBy = signed.Kid,
                Documents = payload.Documents,
                Archive = payload.Archive,
                HasBase = hasBase,
                Visible = payload.Visible,
                Packages = payload.Packages.Count,
                SharedWith = present?.SharedWith ?? [],
                Earlier = present is null ? [] : present.Document == document.Digest ? present.Earlier : [new(present.Base, present.Document, present.PublishedAt), .. present.Earlier],
            };
            return new(new TargetOutcome.Published(fresh, IsNew: true), [.. BlobsAdded.Of(taken.Values.Append(document).Select(StoredBlob.Of), writer.Blobs), new TargetPublished(fresh)]);
        }, CancellationToken.None);
    }

    private static IOException Gone(Digest digest) => new($"The hub's store lost {digest} while the target was looked at. Publish it again.");

    /// <summary>A document whose signature holds, and whose it is.</summary>
    private sealed record Signed(ReadOnlyMemory<byte> Document, string Kid);

    private static TargetOutcome.Refused Refused(int status, string reason) => new(status, [reason]);
}
