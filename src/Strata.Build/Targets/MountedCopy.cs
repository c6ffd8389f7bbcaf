using Strata.Build.Processes;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Build.Targets;

/// <summary>Copies what a mount shows into a folder. Needs root.</summary>
/// <remarks>
/// The mount lives in a mount namespace of a child process. When Strata ends, however it ends, the child's standard input closes,
/// it kills its own process group, and the kernel takes the namespace with its mount away: nothing stays mounted.
/// </remarks>
/// <param name="Type">What the kernel calls the file system.</param>
/// <param name="Options">Of mount(8).</param>
/// <param name="Source">The image, or a word where there is none.</param>
internal sealed record MountedCopy(string Type, string Options, string Source)
{
    /// <summary>A file-system image: read only, and nothing in it can be run or opened as a device meanwhile.</summary>
    public static MountedCopy OfImage(BaseForm form, string image) => new(
        form switch { BaseForm.Ext4 => "ext4", BaseForm.Squashfs => "squashfs", _ => "erofs" }, "ro,loop,nodev,nosuid,noexec", image);

    /// <summary>Unpacked layers over one another.</summary>
    /// <param name="topToBottom">Names of folders in the folder that the copy is made from; at least two.</param>
    public static MountedCopy OfLayers(IEnumerable<string> topToBottom) => new("overlay", $"ro,lowerdir={string.Join(':', topToBottom)}", "overlay");

    /// <summary>Mounts and copies with owners, modes, times, attributes and hard links.</summary>
    /// <param name="within">Where relative paths of the options begin; <c>mount</c> comes into being there.</param>
    /// <param name="into">An empty folder.</param>
    /// <exception cref="ToolFailedException">It cannot be mounted, or not be copied whole.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full.</exception>
    public async Task RunAsync(string within, string into, CancellationToken cancellation)
    {
        var point = Directory.CreateDirectory(Path.Combine(within, "mount")).FullName;
        using var process = ExternalTool.StartBare(
            "setsid", ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", Script, "strata", within, Type, Options, Source, point, into],
            new Dictionary<string, string> { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", ["LC_ALL"] = "C.UTF-8" });
        await using var stop = cancellation.Register(() => ExternalTool.Kill(process));
        var complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var said = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.StandardInput.Close();
        cancellation.ThrowIfCancellationRequested();
        if (said.Trim() == "copied") return;
        var error = (await complaint).Split('\n', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "the child ended without a word";
        if (error.Contains("No space left", StringComparison.Ordinal)) throw new SpaceExhaustedException(into, null, new IOException(error));
        throw new ToolFailedException($"Reading {Source} as {Type} did not work: {Quote.Short(error)}.{Cure(error)}");
    }

    private static string Cure(string error) =>
        error.Contains("unknown filesystem", StringComparison.Ordinal) ? " The kernel has no such file system; unpack the image into a folder and name that."
        : error.Contains("permission denied", StringComparison.OrdinalIgnoreCase) || error.Contains("Operation not permitted", StringComparison.Ordinal) ? " Mounting needs root."
        : "";

    private const string Script = """
        set -eu
        within=$1 type=$2 options=$3 source=$4 point=$5 into=$6
        exec 3<&0 </dev/null
        (cat <&3; kill -KILL 0) >/dev/null 2>&1 &
        exec 3<&-
        cd "$within"
        mount -t "$type" -o "$options" -- "$source" "$point"
        cp -R --no-dereference --preserve=mode,ownership,timestamps,links,xattr -- "$point/." "$into/"
        echo copied
        """;
}
