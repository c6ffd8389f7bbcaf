using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Verifies a bundle from anywhere in one pass and little memory.</summary>
/// <remarks>
/// A bundle has exactly three members, in any order; tars of other makers with <c>./</c> before names or PAX headers are read too.
/// Source: facts on AosEdge, b.1 and c.4.
/// </remarks>
/// <param name="users">Judges publishers' certificates.</param>
/// <param name="clock">When a publisher's chain is judged.</param>
/// <param name="limits">Of the outer archive; null for the defaults.</param>
public sealed class BundleVerifier(CertificateTrust users, TimeProvider clock, ArchiveLimits? limits = null)
{
    private const int HashBuffer = 128 * 1024;
    private readonly JwsVerifier _signatures = new(users, clock);

    /// <summary>A verifier for publishers whose certificates stand right under <paramref name="usersRoots"/>.</summary>
    public BundleVerifier(IEnumerable<X509Certificate2> usersRoots, TimeProvider clock, ArchiveLimits? limits = null)
        : this(new CertificateTrust(usersRoots, Purpose.Client), clock, limits)
    {
    }

    /// <summary>Reads <paramref name="bundle"/> to its end.</summary>
    /// <param name="signers">Certificates that may have signed; for an upload, that of the connection.</param>
    public async Task<Verdict> VerifyAsync(Stream bundle, IReadOnlyCollection<X509Certificate2> signers, CancellationToken cancellation)
    {
        Members members;
        try
        {
            members = await ReadMembersAsync(bundle, limits, cancellation);
        }
        catch (Exception broken) when (broken is ArchiveRefusedException or ContentTooLargeException)
        {
            return new Verdict.Refused(Refusal.Malformed, $"The bundle cannot be read: {broken.Message}");
        }
        if (members.Problem is not null) return new Verdict.Refused(Refusal.Malformed, members.Problem);
        return _signatures.Verify(members.Signature!, signers, BundleFormat.MaxSignatureLength) switch
        {
            SignatureVerdict.Trusted trusted => Judge(members, trusted.Content),
            SignatureVerdict.Refused refused => new Verdict.Refused(refused.Reason, refused.Detail),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Verdict Judge(Members members, VerifiedPayload signature)
    {
        var (publisher, problem) = ClientIdentity.Of(signature.Signer);
        if (publisher is null) return new Verdict.Refused(Refusal.SignerNotTrusted, problem!);
        var (files, unreadable) = BundlePayload.Read(signature.Payload);
        if (files is null) return new Verdict.Refused(Refusal.Malformed, $"{unreadable} Sign again.");
        foreach (var arrived in new[] { members.Inner!, SignedFile.Of(BundleFormat.Config, SHA3_512.HashData(members.Config!), members.Config!.Length) })
        {
            var signed = files.FirstOrDefault(f => f.Name == arrived.Name);
            if (signed is null) return new Verdict.Refused(Refusal.ContentMismatch, $"The signature does not cover {arrived.Name}. Sign again.");
            if (signed != arrived)
                return new Verdict.Refused(Refusal.ContentMismatch, $"{arrived.Name} in the bundle is not the one that was signed ({arrived.Size} bytes here, {signed.Size} signed): it was changed. Sign again.");
        }
        return new Verdict.Trusted(new(members.Config!, publisher, signature, members.InnerDigest!.Value, members.Inner!.Size));
    }

    private static async Task<Members> ReadMembersAsync(Stream bundle, ArchiveLimits? limits, CancellationToken cancellation)
    {
        var members = new Members();
        await using var tar = await LayerDecompressor.OpenAsync(bundle, limits, cancellation, leaveOpen: true);
        using var reader = new TarLayerReader(tar, limits);
        while (await reader.NextAsync(cancellation) is { } entry)
        {
            if (entry.Kind == TarEntryKind.Directory && entry.Name.Length == 0) continue; // "./", as `tar -C dir .` begins
            var isSecond = entry.Name switch
            {
                BundleFormat.Archive => members.Inner is not null,
                BundleFormat.Config => members.Config is not null,
                BundleFormat.Signature => members.Signature is not null,
                _ => true,
            };
            if (isSecond || entry.Kind != TarEntryKind.File)
                return members with { Problem = $"The bundle holds {entry}, where exactly {BundleFormat.Config}, {BundleFormat.Archive} and {BundleFormat.Signature} are expected, once each." };
            members = entry.Name switch
            {
                BundleFormat.Config => members with { Config = await SmallAsync(entry, reader, BundleFormat.MaxConfigBytes, cancellation) },
                BundleFormat.Signature => members with { Signature = Encoding.Latin1.GetString(await SmallAsync(entry, reader, BundleFormat.MaxSignatureLength, cancellation)).Trim() },
                _ => await HashAsync(members, reader, cancellation),
            };
        }
        var missing = members switch { { Config: null } => BundleFormat.Config, { Inner: null } => BundleFormat.Archive, { Signature: null } => BundleFormat.Signature, _ => null };
        return missing is null ? members : members with { Problem = $"The bundle holds no {missing}. Make it with: strata bundle sign" };
    }

    internal static async Task<byte[]> SmallAsync(TarEntry entry, TarLayerReader reader, int most, CancellationToken cancellation)
    {
        if (entry.Size > most) throw new ContentTooLargeException($"{entry} has {entry.Size} bytes, more than the {most} allowed.", most);
        var content = new byte[entry.Size];
        await reader.Content.ReadExactlyAsync(content, cancellation);
        return content;
    }

    private static async Task<Members> HashAsync(Members members, TarLayerReader reader, CancellationToken cancellation)
    {
        await using var hashed = new HashingStream(reader.Content, ExtraHashes.Sha3With512, leaveOpen: true);
        await hashed.CopyToAsync(Stream.Null, HashBuffer, cancellation);
        var hashes = hashed.Current();
        return members with { Inner = SignedFile.Of(BundleFormat.Archive, hashes.Sha3With512!, hashes.Size), InnerDigest = hashes.Sha256 };
    }

    private sealed record Members(byte[]? Config = null, SignedFile? Inner = null, Digest? InnerDigest = null, string? Signature = null, string? Problem = null);
}
