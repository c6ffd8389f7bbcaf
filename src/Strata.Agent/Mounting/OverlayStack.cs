using System.Text;

namespace Strata.Agent.Mounting;

/// <summary>Read-only directories laid over one another, topmost first, and the mount options they come to.</summary>
/// <remarks>Source: Linux, Documentation/filesystems/overlayfs.rst, "Multiple lower layers"; mount(2): options fill at most one page.</remarks>
internal sealed record OverlayStack
{
    /// <summary>Longest option text that mount(2) takes, in bytes: a page but for its closing zero.</summary>
    public const int MaxOptionBytes = 4095;

    private OverlayStack(string options) => Options = options;

    /// <summary>What goes to the kernel.</summary>
    public string Options { get; }

    /// <summary>Checks the directories against what overlayfs can be told.</summary>
    /// <exception cref="StackRefusedException">A path holds a separator of the option text, or together they are too long for it.</exception>
    public static OverlayStack Of(IEnumerable<string> topToBottom)
    {
        var lowers = topToBottom.ToList();
        if (lowers.Find(path => path.AsSpan().ContainsAny(':', ',', '\\')) is { } path)
            throw new StackRefusedException($"'{path}' holds ':', ',' or '\\', which overlay options cannot carry; choose another folder.");
        var options = $"lowerdir={string.Join(':', lowers)}";
        var length = Encoding.UTF8.GetByteCount(options);
        return length <= MaxOptionBytes
            ? new(options)
            : throw new StackRefusedException(
                $"{lowers.Count} layers come to {length} bytes of mount options and the kernel takes {MaxOptionBytes}; choose a shorter --root.");
    }
}

/// <summary>A stack cannot be mounted as it stands; trying again will not help.</summary>
internal sealed class StackRefusedException(string message) : IOException(message);
