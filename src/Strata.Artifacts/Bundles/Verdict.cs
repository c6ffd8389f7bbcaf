using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;

namespace Strata.Artifacts.Bundles;

/// <summary>A bundle whose signature, signer and files held. Only <see cref="BundleVerifier"/> can make one.</summary>
public sealed record VerifiedBundle
{
    internal VerifiedBundle(ReadOnlyMemory<byte> config, ClientIdentity publisher, VerifiedPayload signature, string innerHash, long innerSize) =>
        (Config, Publisher, Signer, VerifiedAt, InnerHash, InnerSize) = (config, publisher, signature.Signer, signature.VerifiedAt, innerHash, innerSize);

    /// <summary>The bytes of config.yaml.</summary>
    public ReadOnlyMemory<byte> Config { get; }

    /// <summary>Who signed it: role and owner.</summary>
    public ClientIdentity Publisher { get; }

    /// <summary>The signer's certificate.</summary>
    public X509Certificate2 Signer { get; }

    /// <summary>When the signer's chain was judged; the signature itself carries no time (decision 10).</summary>
    public DateTimeOffset VerifiedAt { get; }

    /// <summary>SHA3-512 of the inner archive in lower-case hex.</summary>
    public string InnerHash { get; }

    /// <summary>Bytes of the inner archive.</summary>
    public long InnerSize { get; }
}

/// <summary>What verifying a bundle came to. There are two cases and no third.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>It may be published.</summary>
    public sealed record Trusted(VerifiedBundle Bundle) : Verdict;

    /// <summary>It may not; <paramref name="Detail"/> is a sentence with the cure.</summary>
    public sealed record Refused(Refusal Reason, string Detail) : Verdict;
}
