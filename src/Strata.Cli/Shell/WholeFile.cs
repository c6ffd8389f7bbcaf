namespace Strata.Cli.Shell;

/// <summary>Writes a small file whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Replaces the content of <paramref name="file"/>, through symbolic links; mode and place stay.</summary>
    /// <exception cref="CommandFailure">It cannot be written; it is as it was.</exception>
    public static void Replace(string file, ReadOnlySpan<byte> content)
    {
        var target = (File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(file);
        var partial = $"{target}.part";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = File.Exists(target) ? File.GetUnixFileMode(target) : null };
            using (var stream = new FileStream(partial, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, target, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(partial);
            throw new CommandFailure(ExitCode.NoSpace, $"{target} could not be written and is as it was: {problem.Message}");
        }
    }
}
