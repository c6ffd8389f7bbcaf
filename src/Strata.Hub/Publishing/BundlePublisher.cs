using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Yaml;
using Strata.Hub.Persistence;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Judges one bundle and publishes all of it, or nothing and says every reason.</summary>
internal sealed class BundlePublisher(HubTrust trust, HubFiles files, IBlobs blobs, HubWriter writer, TimeProvider clock)
{
    /// <summary>Judges <paramref name="bundle"/>; the verdict is durable on return.</summary>
    /// <exception cref="IOException">The verdict could not be written.</exception>
    public async Task<BundleRow> PublishAsync(BundleRow bundle, CancellationToken cancellation)
    {
        BundleContents? contents = null;
        EquatableList<BundleItemRow>? items = null;
        var published = false;
        try
        {
            var (verified, config, reasons) = await VerifyAsync(bundle, cancellation);
            if (config is not null) items = config.Items.Select(i => Row(null, i)).ToEquatableList();
            if (reasons.Count > 0) return await FailAsync(bundle.Id, reasons, items);

            contents = await BundleContents.ReadAsync(verified!, files.Bundle(bundle.Id), config!, files.NewScratch(), blobs, cancellation);
            var intake = new BundleIntake(blobs, contents);
            await intake.TakeAsync(config!, cancellation);
            if (intake.Reasons.Count > 0) return await FailAsync(bundle.Id, intake.Reasons, items);

            await writer.CommitAsync(state => Decide(state, bundle, intake), CancellationToken.None);
            published = writer.State.Bundles[bundle.Id].State == BundleState.Done;
            return writer.State.Bundles[bundle.Id];
        }
        catch (IOException broken)
        {
            // Damaged, hostile or too large content, or a full disk: each says in its message what it is.
            return await FailAsync(bundle.Id, [broken.Message], items);
        }
        finally
        {
            contents?.Discard();
        }
    }

    private async Task<(VerifiedBundle?, BundleConfig?, IReadOnlyList<string> Reasons)> VerifyAsync(BundleRow bundle, CancellationToken cancellation)
    {
        // Its own certificates: the one it was uploaded with, or another of the same owner that the hub has seen.
        var signers = writer.State.Users.Values.Where(u => u.Owner == bundle.Owner && !writer.State.IsRevoked(u.Kid)).Select(u => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(u.Certificate))).ToList();
        try
        {
            await using var file = File.OpenRead(files.Bundle(bundle.Id));
            return await new BundleVerifier(trust.Users, clock).VerifyAsync(file, signers, cancellation) switch
            {
                Verdict.Trusted trusted => Read(trusted.Bundle, bundle),
                Verdict.Refused refused => (null, null, [refused.Detail]),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            foreach (var signer in signers) signer.Dispose();
        }
    }

    private static (VerifiedBundle?, BundleConfig?, IReadOnlyList<string> Reasons) Read(VerifiedBundle verified, BundleRow bundle) =>
        BundleConfigReader.Read(verified.Config.Span, BundleFormat.Config) switch
        {
            Reading<BundleConfig>.Good good => (verified, good.Value, RoleFaults(verified.Publisher, bundle, good.Value)),
            Reading<BundleConfig>.Bad bad => (null, null, [.. bad.Mistakes.Select(m => m.ToString())]),
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

    /// <summary>Refuses a bundle that has no verdict yet; one that has keeps it.</summary>
    /// <exception cref="IOException">The verdict could not be written.</exception>
    public async Task<BundleRow> FailAsync(Guid id, IReadOnlyList<string> reasons, EquatableList<BundleItemRow>? items)
    {
        var failed = new BundleFailed(id, reasons.ToEquatableList(), items, clock.GetUtcNow());
        await writer.CommitAsync(
            state => state.Bundles[id].State == BundleState.Uploaded ? new Decision<bool>(true, failed) : new Decision<bool>(false), CancellationToken.None);
        return writer.State.Bundles[id];
    }

    /// <summary>Judges the taken items against the present catalogue and services. Pure.</summary>
    private Decision<bool> Decide(HubState state, BundleRow bundle, BundleIntake intake)
    {
        var now = clock.GetUtcNow();
        var publication = new Publication(state, bundle, now);
        foreach (var layer in intake.Layers) publication.Add(layer);
        publication.CheckParents(intake.Layers);
        foreach (var service in intake.Services) publication.Add(service);
        if (publication.Reasons.Count > 0)
            return new(false, new BundleFailed(bundle.Id, publication.Reasons.ToEquatableList(), publication.Items.ToEquatableList(), now));
        return new(true,
        [
            .. intake.Blobs.Where(b => !state.Blobs.ContainsKey(b.Digest)),
            .. publication.Changes,
            new BundleDone(bundle.Id, publication.Items.ToEquatableList(), publication.Notes.ToEquatableList(), now),
        ]);
    }

    private static BundleItemRow Row(Guid? id, BundleItem item) => new(id, Name(item.Type), item.Codename, item.Version.ToString());

    internal static string Name(ItemType type) => type.ToString().ToLowerInvariant();
}
