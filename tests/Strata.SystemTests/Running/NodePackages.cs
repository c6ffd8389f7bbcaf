using System.Security.Cryptography;

namespace Strata.SystemTests.Running;

/// <summary>Packages from the Node registry, by lock, kept in the user's cache.</summary>
internal static class NodePackages
{
    /// <summary>Installs what <c>package-lock.json</c> names, without the packages' own scripts, unless that was done before.</summary>
    /// <param name="sources">Folder with package.json and package-lock.json.</param>
    /// <param name="name">What the folder in the cache is called, before the lock's digest.</param>
    /// <returns>The folder in which <c>node_modules</c> stands.</returns>
    public static async Task<string> InstallAsync(string sources, string name)
    {
        var locked = await File.ReadAllBytesAsync(Path.Combine(sources, "package-lock.json"));
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "strata", $"{name}-{Convert.ToHexStringLower(SHA256.HashData(locked), 0, 8)}");
        if (Directory.Exists(folder)) return folder;
        var partial = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(partial);
        foreach (var file in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(sources, file), Path.Combine(partial, file));
        await Tool.OutputAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", partial);
        Directory.Move(partial, folder);
        return folder;
    }
}
