namespace Strata.Artifacts.Bundles;

/// <summary>The names inside a bundle, and how much of one is read.</summary>
/// <remarks>Source: facts on AosEdge, b.1 and c.4.</remarks>
public static class BundleFormat
{
    /// <summary>The bundle's own name, and that of the archive inside it.</summary>
    public const string Archive = "batch.tar.gz";

    /// <summary>The description of what it brings, outside and inside.</summary>
    public const string Config = "config.yaml";

    /// <summary>The signature.</summary>
    public const string Signature = "package.sign";

    /// <summary>The architecture of an image that runs anywhere, as scripts do.</summary>
    public const string AnyArchitecture = "any";

    /// <summary>Bytes of config.yaml.</summary>
    public const int MaxConfigBytes = 1 << 20;

    /// <summary>Characters of the signature.</summary>
    public const int MaxSignatureLength = 16 << 10;
}
