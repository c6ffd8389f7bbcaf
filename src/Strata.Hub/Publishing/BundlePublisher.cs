using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Artifacts.Yaml;
using Strata.Hub.Persistence;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Judges one bundle step by step and publishes all of it, or nothing and says every reason.</summary>
/// <remarks>
/// Received, verified, unpacked, checked, described, stored, ready: each step is marked in the log when its work is done. The upload is kept until the
/// verdict is, and every step is a function of it, so that a restart takes the bundle up again at whichever step it ended, to the same verdict.
/// </remarks>
internal sealed class BundlePublisher(HubTrust trust, HubFiles files, IBlobs blobs, HubWriter writer, BundleEvents events, TimeProvider clock)
{
    /// <summary>Judges <paramref name="bundle"/>; the verdict is durable on return.</summary>
    /// <exception cref="IOException">The hub's own disk, store or database failed: nothing is said of the bundle, and it can be judged again.</exception>
    public async Task<BundleRow> PublishAsync(BundleRow bundle, CancellationToken cancellation)
    {
        BundleContents? contents = null;
        BundleIntake? intake = null;
        EquatableList<BundleItemRow>? items = null;
        try
        {
            Say(bundle.Id, BundleStep.Verified, $"Verifying {bundle.Size} bytes, {bundle.Digest}");
            var (verified, config, signer, reasons) = await VerifyAsync(bundle, cancellation);
            if (config is not null) items = config.Items.Select(i => Row(null, i)).ToEquatableList();
            if (reasons.Count > 0) return await FailAsync(bundle.Id, reasons, items);
            Say(bundle.Id, BundleStep.Verified, $"Signed by {verified!.Publisher.User} of {verified.Publisher.Owner}");
            await MarkAsync(bundle.Id, BundleStep.Verified, CrashPoint.BeforeVerified);

            contents = await BundleContents.ReadAsync(verified, files.Bundle(bundle.Id), config!, files.NewScratch(), blobs, cancellation);
            await MarkAsync(bundle.Id, BundleStep.Unpacked, CrashPoint.BeforeUnpacked);

            intake = new BundleIntake(blobs, contents);
            await intake.CheckAsync(config!, text => Say(bundle.Id, BundleStep.Checked, text), cancellation);
            if (intake.Reasons.Count > 0) return await FailAsync(bundle.Id, intake.Reasons, items);
            foreach (var note in intake.Notes) Say(bundle.Id, BundleStep.Checked, note);
            foreach (var warning in intake.Warnings) events.Log(bundle.Id, BundleStep.Checked, "warning", warning);
            await MarkAsync(bundle.Id, BundleStep.Checked, CrashPoint.BeforeChecked);

            intake.Describe(text => Say(bundle.Id, BundleStep.Described, text));
            if (intake.Reasons.Count > 0) return await FailAsync(bundle.Id, intake.Reasons, items);
            await MarkAsync(bundle.Id, BundleStep.Described, CrashPoint.BeforeDescribed);

            await intake.StoreAsync(cancellation);
            await MarkAsync(bundle.Id, BundleStep.Stored, CrashPoint.BeforeStored);
            CrashPoints.Pass(CrashPoint.AfterStored);
            return await ConcludeAsync(bundle, signer!, intake, cancellation);
        }
        catch (IOException broken) when (broken is ArchiveRefusedException or ContentTooLargeException or ContentMismatchException or EndOfStreamException or FileNotFoundException)
        {
            // Damaged, hostile or too large content, or an upload that is gone: each says in its message what it is.
            return await FailAsync(bundle.Id, [broken.Message], items);
        }
        catch (IOException ailing)
        {
            events.Log(bundle.Id, writer.State.Bundles[bundle.Id].Step, "error", $"{ailing.Message} The bundle is kept, and tried again soon.");
            throw;
        }
        finally
        {
            intake?.Dispose();
            contents?.Discard();
            if (writer.State.Bundles.GetValueOrDefault(bundle.Id) is not { State: BundleState.Uploaded }) events.Close(bundle.Id);
        }
    }

    /// <summary>Refuses a bundle that has no verdict yet; one that has keeps it.</summary>
    /// <exception cref="IOException">The verdict could not be written.</exception>
    public async Task<BundleRow> FailAsync(Guid id, IReadOnlyList<string> reasons, EquatableList<BundleItemRow>? items)
    {
        foreach (var reason in reasons) events.Log(id, writer.State.Bundles[id].Step, "error", reason);
        var log = await LogAsync(id);
        var failed = new BundleFailed(id, reasons.ToEquatableList(), items, clock.GetUtcNow(), log?.Digest);
        await writer.CommitAsync(
            state => state.Bundles[id].State == BundleState.Uploaded ? new Decision<bool>(true, [.. BlobsAdded.Of(log is null ? [] : [log], writer.Blobs), failed]) : new Decision<bool>(false), CancellationToken.None);
        CrashPoints.Pass(CrashPoint.AfterVerdict);
        return writer.State.Bundles[id];
    }

    private async Task<BundleRow> ConcludeAsync(BundleRow bundle, string signer, BundleIntake intake, CancellationToken cancellation)
    {
        // Judged once to write down what it comes to, and again with nobody else writing; both say the same unless somebody did write.
        var (_, outlook) = Decide(writer.State, bundle, signer, intake, null);
        foreach (var note in outlook.Notes) Say(bundle.Id, BundleStep.Ready, note);
        foreach (var reason in outlook.Reasons) events.Log(bundle.Id, BundleStep.Ready, "error", reason);
        if (outlook.Reasons.Count == 0) Say(bundle.Id, BundleStep.Ready, "Published");
        var log = await LogAsync(bundle.Id);
        cancellation.ThrowIfCancellationRequested();
        await writer.CommitAsync(state => Decide(state, bundle, signer, intake, log).Decision, CancellationToken.None);
        CrashPoints.Pass(CrashPoint.AfterVerdict);
        return writer.State.Bundles[bundle.Id];
    }

    private void Say(Guid bundle, BundleStep step, string text) => events.Log(bundle, step, "info", text);

    private async Task MarkAsync(Guid bundle, BundleStep step, CrashPoint before)
    {
        CrashPoints.Pass(before);
        // A restart that does a step again marks nothing: the log says how far the bundle ever came.
        await writer.CommitAsync(
            state => state.Bundles[bundle].Step < step ? new Decision<bool>(true, new BundleAdvanced(bundle, step)) : new Decision<bool>(false), CancellationToken.None);
    }

    private async Task<StoredBlob?> LogAsync(Guid bundle)
    {
        try
        {
            await using var content = new MemoryStream(events.Content(bundle), writable: false);
            return StoredBlob.Of(await blobs.IngestAsync(content, content.Length, CancellationToken.None));
        }
        catch (IOException)
        {
            return null; // a full disk must not stand between a bundle and its verdict
        }
    }

    private async Task<(VerifiedBundle?, BundleConfig?, string? Signer, IReadOnlyList<string> Reasons)> VerifyAsync(BundleRow bundle, CancellationToken cancellation)
    {
        // Its own certificates: the one it was uploaded with, or another of the same owner that the hub has seen.
        var signers = writer.State.Users.Values.Where(u => u.Owner == bundle.Owner && !writer.State.IsRevoked(u.Kid)).Select(u => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(u.Certificate))).ToList();
        try
        {
            await using var file = File.OpenRead(files.Bundle(bundle.Id));
            return await new BundleVerifier(trust.Users, new UploadTime(bundle.ReceivedAt)).VerifyAsync(file, signers, cancellation) switch
            {
                Verdict.Trusted trusted => Read(trusted.Bundle, bundle),
                Verdict.Refused refused => (null, null, null, [refused.Detail]),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            foreach (var signer in signers) signer.Dispose();
        }
    }

    private static (VerifiedBundle?, BundleConfig?, string? Signer, IReadOnlyList<string> Reasons) Read(VerifiedBundle verified, BundleRow bundle) =>
        BundleConfigReader.Read(verified.Config.Span, BundleFormat.Config) switch
        {
            Reading<BundleConfig>.Good good => (verified, good.Value, Kid.Of(verified.Signer), RoleFaults(verified.Publisher, bundle, good.Value)),
            Reading<BundleConfig>.Bad bad => (null, null, null, [.. bad.Mistakes.Select(m => m.ToString())]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Only an OEM publishes layers, only a service provider services, and never both together (facts on AosEdge, a.5 and b.1).</summary>
    private static List<string> RoleFaults(ClientIdentity publisher, BundleRow bundle, BundleConfig config)
    {
        var faults = new List<string>();
        if (bundle.Role != publisher.Role)
            faults.Add($"The bundle is signed as {publisher.RoleName} and uploaded in another role. Use the same certificate for both.");
        if (config.Items.Select(i => i.Type == ItemType.Service).Distinct().Count() > 1)
            faults.Add("The bundle holds services and layers; a service belongs to a service provider and a layer to an OEM. Make two bundles.");
        foreach (var item in config.Items)
        {
            var kind = item.Type == ItemType.Service ? ObjectKind.Service : ObjectKind.Layer;
            if (item.Type == ItemType.Component) faults.Add($"{item.Codename} {item.Version} is a component; components are not supported yet.");
            else if (!Policy.Allows(publisher.Role, Verb.Create, kind))
                faults.Add($"{item.Codename} {item.Version} is a {Name(item.Type)}, which only a user with the role '{string.Join("' or '", Policy.RolesFor(Verb.Create, kind).Select(ClientIdentity.NameOf))}' publishes; this bundle is of '{publisher.RoleName}'.");
        }
        return faults;
    }

    /// <summary>Judges the taken items against the present catalogue and services. Pure.</summary>
    private (Decision<bool> Decision, Publication Outlook) Decide(HubState state, BundleRow bundle, string signer, BundleIntake intake, StoredBlob? log)
    {
        var now = clock.GetUtcNow();
        var publication = new Publication(state, bundle, now);
        foreach (var layer in intake.Layers) publication.Add(layer);
        publication.CheckParents(intake.Layers);
        foreach (var service in intake.Services) publication.Add(service);
        IEnumerable<StoredBlob> logged = log is null ? [] : [log];
        if (publication.Reasons.Count > 0)
            return (new(false, [.. BlobsAdded.Of(logged, writer.Blobs), new BundleFailed(bundle.Id, publication.Reasons.ToEquatableList(), publication.Items.ToEquatableList(), now, log?.Digest)]), publication);
        return (new(true,
        [
            .. BlobsAdded.Of(intake.Blobs.Concat(logged), writer.Blobs),
            .. publication.Changes,
            new BundleDone(bundle.Id, publication.Items.ToEquatableList(), [.. publication.Notes, .. intake.Warnings, .. intake.Notes], now, log?.Digest, signer),
        ]), publication);
    }

    /// <summary>A certificate is judged at the time of the upload, however often the bundle is taken up again (decision 10).</summary>
    private sealed class UploadTime(DateTimeOffset received) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => received;
    }

    private static BundleItemRow Row(Guid? id, BundleItem item) => new(id, Name(item.Type), item.Codename, item.Version.ToString());

    internal static string Name(ItemType type) => type.ToString().ToLowerInvariant();
}
