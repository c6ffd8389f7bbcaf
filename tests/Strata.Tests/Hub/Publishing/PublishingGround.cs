using System.Text;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Tests.Artifacts.Signing;

namespace Strata.Tests.Hub.Publishing;

/// <summary>All of the hub that judges bundles, without its doors.</summary>
internal sealed class PublishingGround : IDisposable
{
    private readonly HubGround _hub = new();
    private readonly HubFiles _files;
    private readonly BundleEvents _events;
    private readonly BundlePublisher _publisher;

    public PublishingGround()
    {
        _files = new(_hub.Data);
        _events = new(_hub.Writer, _hub.Blobs, TimeProvider.System);
        var users = new CertificateTrust([Pki.Users.Certificate], Purpose.Client);
        // It comes to each bundle when all certificates of today are long over.
        _publisher = new(new HubTrust(users, users, Pki.Oem, Pki.Oem), _files, _hub.Blobs, _hub.Writer, _events, new FixedClock(Pki.Now.AddYears(20)));
    }

    public static TestPki Pki => TestPki.Shared;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Has a bundle with one layer judged that came in at a given time.</summary>
    /// <param name="layer">Its archive.</param>
    public async Task<BundleRow> JudgeAsync(byte[] layer, DateTimeOffset receivedAt)
    {
        var certificate = Pki.Oem.Certificate;
        var config = Encoding.UTF8.GetBytes("""
            schemaVersion: 2
            publish: {tlsKey: key}
            items:
              - identity: {codename: lib, type: layer}
                version: 1.0.0
                images: [{path: layer.tar.gz, archInfo: {architecture: amd64}, osInfo: {os: linux}}]
            """);
        var (id, owner) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var file = File.Create(_files.Bundle(id)))
        {
            BundleContent[] contents = [new(new TarEntry { Name = "lib/layer.tar.gz", Kind = TarEntryKind.File, Mode = 0x1A4, Size = layer.Length }, () => new MemoryStream(layer))];
            await new BundleWriter(certificate).WriteAsync(config, contents, new MemoryStream(), file, null, Cancellation);
        }
        var kid = Kid.Of(certificate);
        await _hub.CommitAsync(
            new UserSeen(new(kid, "oem-user", ClientRole.Oem, "demo-oem.localhost", owner, Convert.ToBase64String(certificate.RawData), receivedAt)),
            new BundleReceived(id, Sample.Digest("bundle"), new FileInfo(_files.Bundle(id)).Length, kid, "demo-oem.localhost", receivedAt) { Role = ClientRole.Oem, OwnerId = owner });
        return await _publisher.PublishAsync(_hub.Writer.State.Bundles[id], Cancellation);
    }

    /// <summary>A judged bundle's build log.</summary>
    public Task<BuildLine[]> LogAsync(BundleRow bundle) => _events.LinesAsync(bundle, Cancellation);

    public void Dispose()
    {
        _events.Dispose();
        _hub.Dispose();
    }
}
