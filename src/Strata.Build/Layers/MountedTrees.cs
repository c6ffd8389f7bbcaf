using System.Diagnostics;
using Strata.Build.Caching;
using Strata.Build.Installing;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Layers;

/// <summary>A root file system before and after a change, both to be looked at until this is disposed of.</summary>
/// <remarks>
/// The mounts live in a mount namespace of a child process and are reached through <c>/proc/PID/root</c>. When Strata ends, however it ends,
/// the child's standard input closes, it kills its own process group, and the kernel takes the namespace with all its mounts away.
/// What changes the tree has no network.
/// </remarks>
internal sealed class MountedTrees : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);
    private readonly Process _holder;

    private MountedTrees(Process holder, string parent, string child) => (_holder, ParentRoot, ChildRoot) = (holder, parent, child);

    /// <summary>The tree before.</summary>
    public string ParentRoot { get; }

    /// <summary>The tree after. Writes to it land in the upper folder.</summary>
    public string ChildRoot { get; }

    /// <summary>Mounts both trees and lets a program change the second.</summary>
    /// <param name="lowers">Topmost first; the last one is the base.</param>
    /// <param name="upper">Holds what is changed, as overlayfs writes it.</param>
    /// <param name="change">What changes it; null for nothing.</param>
    /// <exception cref="ToolFailedException">The program failed.</exception>
    public static async Task<MountedTrees> OpenAsync(IReadOnlyList<string> lowers, string upper, TreeChange? change, ScratchFolder scratch, CancellationToken cancellation)
    {
        // The root of the merged tree is that of the upper folder, which has to look as the root beneath it does.
        File.SetUnixFileMode(upper, File.GetUnixFileMode(lowers[0]));
        Directory.SetLastWriteTimeUtc(upper, Directory.GetLastWriteTimeUtc(lowers[0]));
        var merged = scratch.Folder(TreeChange.MergedName);
        var parent = lowers.Count > 1 ? scratch.Folder("parent") : lowers[0];
        var log = scratch.At("change.log");
        List<string> script =
        [
            "--mount", "--net", "/bin/sh", "-c", Script, "strata",
            string.Join(':', lowers.Select(Escape)), Escape(upper), Escape(NewWork(scratch)), merged, lowers.Count > 1 ? parent : "", change?.Packages ?? "", log,
            .. change is null ? ["true"] : change.Emulation?.Around(change.Command) ?? change.Command,
        ];
        var holder = ExternalTool.StartBare("setsid", ["unshare", .. script], Environment);
        var trees = new MountedTrees(holder, lowers.Count > 1 ? $"/proc/{holder.Id}/root{parent}" : parent, $"/proc/{holder.Id}/root{merged}");
        try
        {
            await trees.ReadyAsync(log, cancellation);
            return trees;
        }
        catch
        {
            await trees.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(GoodbyeLimit);
        try
        {
            _holder.StandardInput.Close();
            await _holder.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            ExternalTool.Kill(_holder);
        }
        _holder.Dispose();
    }

    private async Task ReadyAsync(string log, CancellationToken cancellation)
    {
        var complaint = _holder.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = await _holder.StandardOutput.ReadLineAsync(cancellation);
        if (line == "ready") return;
        var said = File.Exists(log) ? LastComplaint(await File.ReadAllLinesAsync(log, cancellation)) : null;
        throw new ToolFailedException($"Installing the packages did not work: {Quote.Short(said ?? (await complaint).Trim())}.");
    }

    private static string? LastComplaint(string[] lines) =>
        lines.LastOrDefault(l => l.StartsWith("E: ", StringComparison.Ordinal) || l.StartsWith("dpkg: error", StringComparison.Ordinal) || l.StartsWith("error: ", StringComparison.Ordinal)) ?? lines.LastOrDefault();

    // A mount that is "volatile" marks its work folder, and a second one on the same would be refused.
    private static string NewWork(ScratchFolder scratch)
    {
        for (var number = 1; ; number++)
        {
            if (!Directory.Exists(scratch.At($"work{number}"))) return scratch.Folder($"work{number}");
        }
    }

    // overlayfs takes a backslash before what would end a path in its options.
    private static string Escape(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    // Scripts of packages see nothing of the builder's environment; the hash seed makes compiled Python the same every time.
    private static Dictionary<string, string> Environment { get; } = new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LC_ALL"] = "C.UTF-8",
        ["TZ"] = "UTC",
        ["HOME"] = "/root",
        ["DEBIAN_FRONTEND"] = "noninteractive",
        ["PYTHONHASHSEED"] = "0",
    };

    private const string Script = """
        set -eu
        umask 022
        lower=$1 upper=$2 work=$3 merged=$4 parent=$5 packages=$6 log=$7
        shift 7
        exec 3<&0 </dev/null
        (cat <&3; kill -KILL 0) >/dev/null 2>&1 &
        exec 3<&-
        mount -t overlay overlay -o "lowerdir=$lower,volatile,upperdir=$upper,workdir=$work" "$merged"
        if [ -n "$parent" ]; then mount -t overlay overlay -o "ro,lowerdir=$lower" "$parent"; fi
        if [ "$1" != true ]; then
            mount -t tmpfs tmpfs "$merged/tmp"
            mkdir "$merged/tmp/packages"
            mount --bind "$packages" "$merged/tmp/packages"
            mount -t tmpfs tmpfs "$merged/run"
            mount -t proc proc "$merged/proc"
            mount -t tmpfs -o mode=0755 tmpfs "$merged/dev"
            for node in null zero full random urandom; do
                : > "$merged/dev/$node"
                mount --bind "/dev/$node" "$merged/dev/$node"
            done
            denied=
            if [ -d "$merged/usr/sbin" ] && [ ! -e "$merged/usr/sbin/policy-rc.d" ]; then
                denied=$merged/usr/sbin/policy-rc.d
                printf '#!/bin/sh\nexit 101\n' > "$denied"
                chmod 0755 "$denied"
            fi
            "$@" > "$log" 2>&1
            [ -z "$denied" ] || rm "$denied"
            umount -R "$merged/dev"
            umount "$merged/proc" "$merged/run" "$merged/tmp/packages" "$merged/tmp"
        fi
        echo ready
        wait
        """;
}

/// <summary>A program that changes a mounted tree.</summary>
/// <param name="Command">Runs outside of the tree, in its mount namespace.</param>
/// <param name="Packages">A folder that the tree shows as <see cref="PackagesAt"/> meanwhile.</param>
/// <param name="Emulation">What runs programs of the tree; null when they run here.</param>
internal sealed record TreeChange(IReadOnlyList<string> Command, string Packages, Emulation? Emulation)
{
    /// <summary>Where the tree shows the packages.</summary>
    public const string PackagesAt = "/tmp/packages";

    /// <summary>The tree's mount point in the scratch folder.</summary>
    public const string MergedName = "merged";
}
