using System.Security.Cryptography;
using System.Text;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Tests.Catalogues;

/// <summary>Layers of one OEM, made up from codename and version.</summary>
internal static class MadeCatalogue
{
    public const string Oem = "oem.example";

    /// <summary>With one more version, which has to be accepted.</summary>
    public static Catalogue With(this Catalogue catalogue, string codename, string version, Guid id = default, params string[] aliases) =>
        Assert.IsType<Publication.Accepted>(catalogue.Publish(Release(codename, version), id, null, aliases, catalogue.Sequence + 1)).Catalogue;

    public static LayerRelease Release(string codename, string version) => new(
        new(Oem, codename), SemanticVersion.Parse(version), [new(new("amd64"), File($"{codename} {version}"), Content(codename, version), 10, 20)]);

    public static Digest File(string name) => Digest.FromHash(Hash($"file of {name}"));

    public static DiffId Content(string codename, string version) => DiffId.FromHash(Hash($"{codename} {version}"));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
