using Strata.Store;

namespace Strata.Hub.Publishing;

/// <summary>Room on the disk that uploads were promised and have not filled yet, so that two that fit alone are not both begun.</summary>
internal sealed class UploadRoom(HubOptions options)
{
    private const int ShareOfOneOwner = 2; // half of what is free
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Owner, long Length)> _promised = new(StringComparer.Ordinal);

    /// <summary>Promises room for a file, until <see cref="Release"/>; what the file has already counts as filled.</summary>
    /// <param name="owner">Who is to fill it: one alone is always taken, together those of one owner hold at most half of what is free, so that nobody locks the others out.</param>
    /// <param name="length">Bytes that it will have.</param>
    /// <exception cref="SpaceExhaustedException">There is less free than this and all others still need, or its owner's others hold too much.</exception>
    public void Promise(string file, string owner, long length)
    {
        lock (_gate)
        {
            var free = new DriveInfo(options.Data).AvailableFreeSpace;
            var own = _promised.Where(p => p.Value.Owner == owner).Sum(Unfilled);
            if (length > free - _promised.Sum(Unfilled) || (own > 0 && own + length > free / ShareOfOneOwner)) throw new SpaceExhaustedException(options.Data, length, new IOException());
            _promised[file] = (owner, length);
        }
    }

    /// <summary>Notes a promise that was made before this hub started.</summary>
    public void Renew(string file, string owner, long length)
    {
        lock (_gate) _promised[file] = (owner, length);
    }

    /// <summary>The file is whole, or was given up.</summary>
    public void Release(string file)
    {
        lock (_gate) _promised.Remove(file);
    }

    private static long Unfilled(KeyValuePair<string, (string Owner, long Length)> promise) =>
        Math.Max(0, promise.Value.Length - (new FileInfo(promise.Key) is { Exists: true } file ? file.Length : 0));
}
