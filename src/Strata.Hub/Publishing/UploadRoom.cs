using System.Collections.Concurrent;
using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Room on the disk that uploads were promised and have not filled yet, so that two that fit alone are not both begun.</summary>
internal sealed class UploadRoom(HubOptions options)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, long> _promised = new(StringComparer.Ordinal);

    /// <summary>Promises room for a file, until <see cref="Release"/>; what the file has already counts as filled.</summary>
    /// <param name="length">Bytes that it will have.</param>
    /// <exception cref="SpaceExhaustedException">There is less free than this and all others still need.</exception>
    public void Promise(string file, long length)
    {
        lock (_gate)
        {
            if (length > new DriveInfo(options.Data).AvailableFreeSpace - Outstanding) throw new SpaceExhaustedException(options.Data, length, new IOException());
            _promised[file] = length;
        }
    }

    /// <summary>Notes a promise that was made before this hub started.</summary>
    public void Renew(string file, long length) => _promised.TryAdd(file, length);

    /// <summary>The file is whole, or was given up.</summary>
    public void Release(string file) => _promised.TryRemove(file, out _);

    private long Outstanding => _promised.Sum(p => Math.Max(0, p.Value - (new FileInfo(p.Key) is { Exists: true } file ? file.Length : 0)));
}
