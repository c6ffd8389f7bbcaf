using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>A bundle whose signature, signer and files held. Only <see cref="BundleVerifier"/> can make one.</summary>
public sealed record VerifiedBundle
{
    internal VerifiedBundle(ReadOnlyMemory<byte> config, ClientIdentity publisher, VerifiedPayload signature, Digest inner, long innerSize) =>
        (Config, Publisher, Signer, VerifiedAt, Inner, InnerSize) = (config, publisher, signature.Signer, signature.VerifiedAt, inner, innerSize);

    /// <summary>The bytes of config.yaml.</summary>
    public ReadOnlyMemory<byte> Config { get; }

    /// <summary>Who signed it: role and owner.</summary>
    public ClientIdentity Publisher { get; }

    /// <summary>The signer's certificate.</summary>
    public X509Certificate2 Signer { get; }

    /// <summary>When the signer's chain was judged; the signature itself carries no time (decision 10).</summary>
    public DateTimeOffset VerifiedAt { get; }

    /// <summary>Digest of the inner archive, taken together with the SHA3-512 that the signature states.</summary>
    public Digest Inner { get; }

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
