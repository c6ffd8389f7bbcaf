using Strata.Store.Files;

namespace Strata.Build.Caching;

/// <summary>A folder for one build's half-done work; gone when it is disposed of, or at the next build when this one is killed.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly FileStream _lock;

    internal ScratchFolder(string path)
    {
        // Locked before it exists, so that no sweep of another build takes it for a left-over.
        _lock = BuildCache.TryLock(path + ".lock") ?? throw new IOException($"{path} is in use.");
        Root = Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Full path.</summary>
    public string Root { get; }

    /// <summary>A path in the folder; nothing is made.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <summary>A folder in the folder.</summary>
    public string Folder(string name) => Directory.CreateDirectory(At(name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Delete(Root);
        File.Delete(Root + ".lock");
        _lock.Dispose();
    }

    internal static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        using var parent = DirectoryHandle.Open(Path.GetDirectoryName(folder)!); // takes names that are no UTF-8, too
        parent.RemoveTree(Path.GetFileName(folder));
    }
}
