namespace Strata.Agent.Running;

/// <summary>Keeps what an instance prints from filling the disk.</summary>
internal static class InstanceLog
{
    /// <summary>A log may grow so far, in bytes; then it starts anew and the old one is kept beside it as <c>.1</c>.</summary>
    public const long MaxBytes = 8L << 20;

    /// <summary>How often it is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Starts the log anew when it is too long. The instance goes on writing to the same file, at its new end.</summary>
    /// <remarks>Lines printed while it is copied may be lost. Trouble with the disk is no reason to end the instance.</remarks>
    public static void Bound(string path, long maxBytes = MaxBytes)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: var length } || length <= maxBytes) return;
            File.Delete(path + ".1");
            if (length <= 2 * maxBytes) File.Copy(path, path + ".1");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
        }
        catch (IOException)
        {
            // looked at again in a moment
        }
    }
}
