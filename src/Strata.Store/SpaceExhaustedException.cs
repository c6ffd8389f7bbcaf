using Strata.Store.Files;

namespace Strata.Store;

/// <summary>The disk or a quota is full. Trying again helps once something was removed; nothing half-written was left.</summary>
public sealed class SpaceExhaustedException : IOException
{
    /// <summary>An error about <paramref name="path"/>.</summary>
    /// <param name="needed">Bytes that were to be written; null when that is not known.</param>
    public SpaceExhaustedException(string path, long? needed, Exception cause)
        : base(Sentence(path, needed, Free(path)), cause)
    {
        (Path, NeededBytes, FreeBytes) = (path, needed, Free(path));
    }

    /// <summary>The directory that was written to.</summary>
    public string Path { get; }

    /// <summary>Bytes that were to be written; null when that is not known.</summary>
    public long? NeededBytes { get; }

    /// <summary>Bytes free there after clean-up.</summary>
    public long FreeBytes { get; }

    /// <summary>Whether the framework or the kernel means by <paramref name="error"/> that space or quota is used up.</summary>
    public static bool IsMeantBy(IOException error) => error.HResult is LibC.NoSpace or LibC.Quota;

    private static string Sentence(string path, long? needed, long free) => needed is { } bytes
        ? $"No space in '{path}' to write {bytes} bytes; {free} are free. Remove something there or name another place."
        : $"No space in '{path}'; {free} bytes are free. Remove something there or name another place.";

    private static long Free(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }
}
