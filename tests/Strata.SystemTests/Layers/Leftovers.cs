namespace Strata.SystemTests.Layers;

/// <summary>What a stopped build must not leave: mounts, processes, half-done work.</summary>
internal static class Leftovers
{
    /// <summary>Waits until the last process that works in a cache is gone, and fails when one stays.</summary>
    /// <param name="scratchToo">Half-done work has to be gone as well; after a kill the next build takes it away.</param>
    public static async Task AssertNoneAsync(string cache, bool scratchToo = true)
    {
        var scratch = Path.Combine(cache, "tmp");
        Assert.DoesNotContain(scratch, await File.ReadAllTextAsync("/proc/self/mounts"), StringComparison.Ordinal);
        for (var tries = 0; Processes(scratch).Any(); tries++)
        {
            Assert.True(tries < 100, string.Join('\n', Processes(scratch)));
            await Task.Delay(100);
        }
        if (scratchToo) Assert.Empty(Directory.EnumerateFileSystemEntries(scratch));
    }

    /// <summary>Command lines of running programs that hold a text; arguments end in NUL.</summary>
    public static IEnumerable<string> Processes(string text)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                continue;
            }
            if (line.Contains(text, StringComparison.Ordinal)) yield return line.Replace('\0', ' ');
        }
    }
}
