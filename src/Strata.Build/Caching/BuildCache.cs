namespace Strata.Build.Caching;

/// <summary>What builds keep for the next one: package lists, packages, base file systems, layers. Safe to delete when no build runs.</summary>
/// <remarks>
/// Every name in it is put there whole by a rename. What a crash leaves is in <c>tmp</c> and is swept by the next build.
/// Several builds, in several processes, may use it at once.
/// </remarks>
public sealed class BuildCache
{
    /// <summary>Uses the cache at <paramref name="root"/>; the folder is made when it is not there.</summary>
    public BuildCache(string root)
    {
        Root = Directory.CreateDirectory(root).FullName;
        Directory.CreateDirectory(Temporary);
        Sweep();
    }

    /// <summary>Full path.</summary>
    public string Root { get; }

    private string Temporary => Path.Combine(Root, "tmp");

    /// <summary>A folder of the cache, made when it is not there.</summary>
    public string Folder(params ReadOnlySpan<string> parts) => Directory.CreateDirectory(Path.Combine([Root, .. parts])).FullName;

    /// <summary>A path in the cache; nothing is made.</summary>
    public string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>A new folder beside the others, on the same file system, that goes away when it is disposed of.</summary>
    public ScratchFolder NewScratch() => new(Path.Combine(Temporary, Guid.NewGuid().ToString("N")));

    /// <summary>Puts a finished folder under its name. When another build was faster, its folder stays and this one is dropped with the scratch.</summary>
    public static void Publish(string finished, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        try
        {
            Directory.Move(finished, name);
        }
        catch (IOException) when (Directory.Exists(name))
        {
            // Content-addressed: the other one holds the same.
        }
    }

    /// <summary>Writes a file whole or not at all.</summary>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Waits until no other build holds <paramref name="name"/>, and holds it until it is disposed of.</summary>
    public async Task<IDisposable> LockAsync(string name, CancellationToken cancellation)
    {
        var path = Path.Combine(Folder("locks"), name);
        while (true)
        {
            if (TryLock(path) is { } held) return held;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    internal static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(Temporary))
        {
            using var held = TryLock(folder + ".lock");
            if (held is null) continue;
            ScratchFolder.Delete(folder);
            File.Delete(folder + ".lock");
        }
    }
}
