using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Model.Layers;

namespace Strata.Artifacts.Tar;

/// <summary>Writes a layer file in one pass: tar, its diff id, gzip, and the digest of the file.</summary>
/// <remarks>
/// <code>
/// await using var layer = new LayerArchiveWriter(file);
/// await layer.WriteAsync(entry, content, cancellation);
/// LayerArchive archive = await layer.FinishAsync(cancellation);
/// </code>
/// </remarks>
public sealed class LayerArchiveWriter : IAsyncDisposable
{
    private readonly HashingStream _file;
    private readonly FixedBlockGzipStream _gzip;
    private readonly HashingStream _tar;
    private readonly TarLayerWriter _writer;
    private readonly int _level;

    /// <summary>A writer onto <paramref name="output"/>, which is not closed.</summary>
    /// <param name="level">Of gzip, 1 to 9.</param>
    /// <param name="workers">Blocks deflated side by side; changes the speed and never the bytes.</param>
    public LayerArchiveWriter(Stream output, int level = FixedBlockGzipStream.DefaultLevel, int workers = 2)
    {
        _level = level;
        _file = new(output, leaveOpen: true);
        _gzip = new(_file, level, workers);
        _tar = new(_gzip, leaveOpen: true);
        _writer = new(_tar);
    }

    /// <inheritdoc cref="TarLayerWriter.Entries"/>
    public int Entries => _writer.Entries;

    /// <inheritdoc cref="TarLayerWriter.WriteAsync"/>
    public ValueTask WriteAsync(TarEntry entry, Stream? content, CancellationToken cancellation) => _writer.WriteAsync(entry, content, cancellation);

    /// <summary>Ends tar and gzip; what is returned describes the file that was written.</summary>
    public async ValueTask<LayerArchive> FinishAsync(CancellationToken cancellation)
    {
        await _writer.FinishAsync(cancellation);
        await _gzip.FinishAsync(cancellation);
        var file = _file.Current();
        return new(MediaTypes.LayerGzip, file.Sha256, _tar.Current().AsDiffId(), file.Size, _writer.ContentBytes)
        {
            Entries = _writer.Entries,
            Compressor = FixedBlockGzipStream.Describe(_level),
        };
    }

    /// <summary>Gives back buffers and hashes. The output stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _tar.DisposeAsync();
        await _gzip.DisposeAsync();
        await _file.DisposeAsync();
    }
}
