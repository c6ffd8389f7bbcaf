using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads what a verified bundle brings, entry by entry.</summary>
/// <remarks>
/// The bundle is read a second time, so its bytes are hashed a second time, by the quickest hash that proves them: when <see cref="NextAsync"/> has returned null,
/// what was read is what was verified, and the inner config.yaml is the outer one.
/// <code>
/// await using var reader = await BundleReader.OpenAsync(verified, stream, null, cancellation);
/// while (await reader.NextAsync(cancellation) is { } entry) await reader.Content.CopyToAsync(output, cancellation);
/// </code>
/// </remarks>
/// <exception cref="ArchiveRefusedException">Thrown while reading: the inner archive is damaged, hostile, or holds a name twice.</exception>
/// <exception cref="ContentMismatchException">Thrown while reading: the bundle is not the one that was verified, or its two config.yaml differ.</exception>
public sealed class BundleReader : IAsyncDisposable
{
    private readonly VerifiedBundle _bundle;
    private readonly Stream _outerTar;
    private readonly TarLayerReader _outer;
    private readonly HashingStream _inner;
    private readonly Stream _innerTar;
    private readonly TarLayerReader _reader;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _sawConfig;

    private BundleReader(VerifiedBundle bundle, Stream outerTar, TarLayerReader outer, HashingStream inner, Stream innerTar, ArchiveLimits? limits)
    {
        (_bundle, _outerTar, _outer, _inner, _innerTar) = (bundle, outerTar, outer, inner, innerTar);
        _reader = new(innerTar, limits);
    }

    /// <summary>Content of the entry last read; valid until the next one is asked for.</summary>
    public Stream Content => _reader.Content;

    /// <summary>Finds the inner archive.</summary>
    /// <param name="bundle">What verifying <paramref name="stream"/> gave.</param>
    /// <param name="stream">The same bytes, again from their start; not closed.</param>
    /// <param name="limits">Null for the defaults.</param>
    public static async Task<BundleReader> OpenAsync(VerifiedBundle bundle, Stream stream, ArchiveLimits? limits, CancellationToken cancellation)
    {
        var outerTar = await LayerDecompressor.OpenAsync(stream, limits, cancellation, leaveOpen: true);
        var outer = new TarLayerReader(outerTar, limits);
        while (await outer.NextAsync(cancellation) is { } entry)
        {
            if (entry.Name != BundleFormat.Archive) continue;
            var inner = new HashingStream(outer.Content, leaveOpen: true);
            return new(bundle, outerTar, outer, inner, await LayerDecompressor.OpenAsync(inner, limits, cancellation, leaveOpen: true), limits);
        }
        throw new ContentMismatchException($"The bundle that was verified held {BundleFormat.Archive}, and this one does not.");
    }

    /// <summary>The next file, directory or link below the bundle's folder, config.yaml left out; null at the proven end.</summary>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken cancellation)
    {
        while (await _reader.NextAsync(cancellation) is { } entry)
        {
            if (entry.Name.Length == 0) continue;
            if (!_names.Add(entry.Name))
                throw new ArchiveRefusedException(ArchiveFault.Duplicate, entry.Name, $"The bundle holds {entry} twice.");
            if (entry.Name != BundleFormat.Config) return entry;
            await CheckConfigAsync(entry, cancellation);
        }
        if (!_sawConfig) throw new ContentMismatchException($"The inner {BundleFormat.Archive} holds no {BundleFormat.Config}. Sign again.");
        if (_inner.Current().Sha256 != _bundle.Inner)
            throw new ContentMismatchException($"{BundleFormat.Archive} changed between its verification and its reading.");
        return null;
    }

    /// <summary>Gives back buffers. The bundle's stream stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _innerTar.DisposeAsync();
        await _inner.DisposeAsync();
        _outer.Dispose();
        await _outerTar.DisposeAsync();
    }

    private async Task CheckConfigAsync(TarEntry entry, CancellationToken cancellation)
    {
        var content = await BundleVerifier.SmallAsync(entry, _reader, BundleFormat.MaxConfigBytes, cancellation);
        if (!content.AsSpan().SequenceEqual(_bundle.Config.Span))
            throw new ContentMismatchException($"The {Quote.Short(entry.Name)} inside {BundleFormat.Archive} is not the one beside it. Sign again.");
        _sawConfig = true;
    }
}
