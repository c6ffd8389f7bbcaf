namespace Strata.Store.Files;

/// <summary>A file without a name, for what is too large for memory: it is gone when it is closed, and when the process ends however it ends.</summary>
public static class SpoolFile
{
    /// <summary>An empty one, to write and read.</summary>
    /// <param name="folder">Names the disk that it takes space on.</param>
    public static Stream Create(string folder)
    {
        var path = Path.Combine(folder, $".spool-{Guid.NewGuid():N}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        try
        {
            File.Delete(path); // Linux keeps the content for as long as it is open
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
