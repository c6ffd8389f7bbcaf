using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Cli.Commands.Catalogue;
using Strata.Cli.Hub;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Tests.Hub.Portal;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>Who signed a layer version, as its owner is told and as those with whom it is shared are.</summary>
public sealed class ProvenanceTests : IDisposable
{
    /// <summary>What is the owner's alone.</summary>
    private static readonly string[] Private = ["anna.muster", "release desk", Sample.Bundle.ToString()];

    private static readonly Caller[] Whole =
    [
        CatalogueGround.Oem,
        new("colleague", ClientRole.ServiceProvider, Sample.Oem, Sample.Owner, null), // of the same organisation, which may read its bundles
        new("admin", ClientRole.Admin, "localhost", Sample.Owner, null),
    ];

    private readonly X509Certificate2 _certificate = Certificate();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Signer => Kid.Of(_certificate);

    /// <summary>What vouches for the content, as people read it.</summary>
    private string[] Vouching => [Sample.Oem, Kid.TextOf(Signer), Sample.Digest("bundle").ToString(), "2026-01-02 03:04:05"];

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task The_API_and_the_command_line_name_the_user_and_the_bundle_to_the_owner_and_admins_alone()
    {
        using var ground = new CatalogueGround();
        await ground.PublishAsync("lib", "1.0.0", [("usr/a", "1")]);
        ground.Apply(Brought(ground["lib"].Id));

        foreach (var caller in Whole)
        {
            var (document, printed) = await ToldAsync(caller);
            Assert.All(Private.Append(Signer), word => Assert.Contains(word, document, StringComparison.Ordinal));
            Assert.All(Private.Concat(Vouching), word => Assert.Contains(word, printed, StringComparison.Ordinal));
        }
        var (shared, read) = await ToldAsync(CatalogueGround.ServiceProvider);
        Assert.All(Private, word => Assert.DoesNotContain(word, shared + read, StringComparison.Ordinal));
        Assert.All([Sample.Oem, Signer, Sample.Digest("bundle").ToString(), "2026-01-02T03:04:05"], word => Assert.Contains(word, shared, StringComparison.Ordinal));
        Assert.All(Vouching, word => Assert.Contains(word, read, StringComparison.Ordinal));
        Assert.DoesNotContain("no longer knows", read, StringComparison.Ordinal); // the hub knows, and does not say

        async Task<(string Document, string Printed)> ToldAsync(Caller caller)
        {
            var shown = await ground.ShownAsync("lib", "1.0.0", caller);
            var document = JsonSerializer.Serialize(shown, ApiJson.Default.LayerVersionDocument);
            // As the tool reads it: the hub's spelling, into the tool's own records.
            var received = JsonSerializer.Deserialize(document, HubLayerJson.Default.LayerVersionInfo)!;
            using var text = new StringWriter();
            LayersShowCommand.Write(text, received);
            return (JsonSerializer.Serialize(shown.Provenance, ApiJson.Default.Provenance), text.ToString());
        }
    }

    [Fact]
    public async Task The_portal_names_the_user_and_the_bundle_to_the_owner_and_admins_alone()
    {
        await using var ground = new PortalGround();
        var archive = Sample.Digest("archive");
        var description = await ground.PutAsync(LayerDescriptionJson.Write(new()
        {
            Name = "aos-lib-layer", Codename = "lib", Version = SemanticVersion.Parse("1.0.0"), Platform = Sample.Amd64, Archive = new(MediaTypes.LayerGzip, archive, Sample.Content("archive"), 5, 5),
        }));
        await ground.CommitAsync([
            .. Seen(),
            new LayerPublished(Sample.Layer, Sample.Oem, "lib", SemanticVersion.Parse("1.0.0"), null, [], [new(Sample.Amd64, archive, Sample.Content("archive"), 5, 5)], [description]),
            Done(Sample.Layer), new BundleDeleted(Sample.Bundle)]);

        foreach (var caller in Whole)
        {
            var page = await PageAsync(caller);
            Assert.All(Private.Concat(Vouching), word => Assert.Contains(word, page, StringComparison.Ordinal));
        }
        var shared = await PageAsync(CatalogueGround.ServiceProvider);
        Assert.All(Private, word => Assert.DoesNotContain(word, shared, StringComparison.Ordinal));
        Assert.All(Vouching, word => Assert.Contains(word, shared, StringComparison.Ordinal));

        async Task<string> PageAsync(Caller caller)
        {
            var answer = await ground.GetAsync($"/layers/{Sample.Layer}/1.0.0", caller);
            Assert.Equal(200, answer.Status);
            return answer.Html;
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var users = new CertificateRequest("CN=Users, O=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(Sample.At, Sample.At.AddYears(1));
        return new CertificateRequest("CN=release desk, O=localhost", key, HashAlgorithmName.SHA256)
            .Create(users.SubjectName, X509SignatureGenerator.CreateForECDsa(key), Sample.At, Sample.At.AddYears(1), [0x4A, 0x01]);
    }

    private Change[] Brought(Guid layer) => [.. Seen(), Done(layer), new BundleDeleted(Sample.Bundle)];

    private Change[] Seen() =>
    [
        new UserSeen(new(Signer, "anna.muster", ClientRole.Oem, Sample.Oem, Sample.Owner, Convert.ToBase64String(_certificate.RawData), Sample.At)),
        new BundleReceived(Sample.Bundle, Sample.Digest("bundle"), 7, Signer, Sample.Oem, Sample.At),
    ];

    private BundleDone Done(Guid layer) => new(Sample.Bundle, [new(layer, "layer", "lib", "1.0.0")], [], Sample.At, null, Signer);
}
