using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Oci;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Tests.Artifacts.Oci;

public sealed class LockDocumentTests
{
    private static readonly Digest File = Digest.FromHash(SHA256.HashData("file"u8));
    private static readonly DiffId Content = DiffId.FromHash(SHA256.HashData("content"u8));

    [Fact]
    public void A_lock_is_canonical_bytes_that_name_every_layer_and_nothing_of_itself()
    {
        var text = Encoding.UTF8.GetString(Lock("1.1.0").ToBytes());
        Assert.StartsWith("""{"platforms":[{"layers":[{"diffId":"sha256:""", text, StringComparison.Ordinal);
        Assert.Contains("\"layer\":\"pylibs\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Lock("1.1.0").Digest.Hex, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_choices_have_one_digest_and_another_version_has_another()
    {
        Assert.Equal(Lock("1.1.0").Digest, Lock("1.1.0").Digest);
        Assert.NotEqual(Lock("1.1.0").Digest, Lock("1.2.0").Digest);
    }

    [Fact]
    public void A_lock_is_read_back_as_it_was_written()
    {
        var again = JsonSerializer.Deserialize(Lock("1.1.0").ToBytes(), OciJson.Default.LockDocument)!;
        Assert.Equal(Lock("1.1.0").Digest, again.Digest);
    }

    private static LockDocument Lock(string version)
    {
        var release = new LayerRelease(new("oem", "pylibs"), SemanticVersion.Parse(version), [new(new("amd64"), File, Content, 1, 2)]);
        var stack = new LayerStack("svc", [new(release, release.Images[0])], []);
        return LockDocument.Of("svc", SemanticVersion.Parse("1.0.0"), [(new("amd64"), stack)]);
    }
}
