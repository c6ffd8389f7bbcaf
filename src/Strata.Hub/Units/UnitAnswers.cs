using Strata.Artifacts.Protocol;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Hub.Units;

/// <summary>What a unit is answered: its desired state as a message, and the addresses of blobs that it may have.</summary>
internal sealed partial class UnitAnswers(HubWriter writer, ReleaseSigner signer, BlobAddresses addresses, ILogger<UnitAnswers> log)
{
    /// <summary>The message, with the certificates that blobs are signed under.</summary>
    public DesiredStatus ToMessage(DesiredState desired) => new(
        [.. desired.Items.Select(i => new ItemEntry(new(Id: i.Id, Type: "service"), i.Version, new(Id: i.Owner), i.Index.ToString()))],
        [.. desired.Instances.Select(i => new InstancesEntry(new(Id: i.ItemId, Type: "service"), new(Id: i.SubjectId), i.Priority, i.Count))],
        [.. desired.Subjects.Select(s => new SubjectEntry(new(Id: s.Id), s.IsGroup ? "group" : "user", IsReportedFromUnit: false))],
        signer.Certificates,
        signer.Chains);

    /// <summary>Where the blobs are that are asked for. One that the unit may not have is left out: its item then fails, instead of waiting for ever.</summary>
    public async Task<BlobUrls> LocateAsync(string systemId, RequestBlobUrls request, CancellationToken cancellation)
    {
        var allowed = Allowed(writer.State, systemId);
        var wanted = new List<Digest>();
        foreach (var text in request.Digests.Distinct(StringComparer.Ordinal))
        {
            if (Digest.TryParse(text, null, out var digest) && allowed.Contains(digest)) wanted.Add(digest);
            else LogRefused(systemId, Quote.Short(text));
        }
        var signed = await SignedAsync(wanted, cancellation);
        foreach (var lost in wanted.Except(signed.Select(b => b.Digest))) LogLost(systemId, lost);
        return new(request.CorrelationId, [.. signed.Select(blob => Locate(blob, systemId))]);
    }

    private BlobLocation Locate(BlobRow blob, string systemId) => new(
        blob.Digest.ToString(),
        [addresses.For(blob.Digest, systemId)],
        blob.Sha3,
        blob.Size,
        ReleaseSigner.ToSignInfo(blob.Signature!));

    /// <summary>Everything in what the unit shall have, and in what it reported last: it may still be at that.</summary>
    private static HashSet<Digest> Allowed(HubState state, string systemId)
    {
        if (!state.Units.TryGetValue(systemId, out var unit)) return []; // removed since it connected
        var desired = (unit.Desired?.State.Items ?? []).Select(i => state.Compositions[i.Index]);
        var reported = unit.Report.Items.SelectMany(i => state.Compositions.Values.Where(c => c.ServiceId.ToString() == i.Id && c.WireVersion == i.Version));
        return desired.Concat(reported).SelectMany(c => c.Blobs).ToHashSet();
    }

    /// <summary>Blobs are signed when images are composed; only after a renewal of the release certificate there is something left to do.</summary>
    private async Task<List<BlobRow>> SignedAsync(List<Digest> digests, CancellationToken cancellation)
    {
        var blobs = digests.Select(writer.Blobs.Find).OfType<BlobRow>()
            .Select(b => signer.IsMissing(b) ? (Blob: b with { Signature = signer.Sign(b.Digest) }, IsNew: true) : (Blob: b, IsNew: false)).ToList();
        Change[] batch = [.. blobs.Where(b => b.IsNew).Select(b => new BlobSigned(b.Blob.Digest, b.Blob.Signature!))];
        if (batch.Length > 0) await writer.CommitAsync(_ => new Decision<bool>(true, batch), cancellation);
        return [.. blobs.Select(b => b.Blob)];
    }

    [LoggerMessage(2, LogLevel.Error, "Unit {SystemId} shall have {Digest}, of which the database knows nothing any more")]
    private partial void LogLost(string systemId, Digest digest);

    [LoggerMessage(1, LogLevel.Warning, "Unit {SystemId} asked for {Digest}, which it may not have")]
    private partial void LogRefused(string systemId, string digest);
}
