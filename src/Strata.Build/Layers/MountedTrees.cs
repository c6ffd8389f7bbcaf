using System.Diagnostics;
using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Layers;

/// <summary>A root file system before and after packages were installed, both to be looked at until this is disposed of.</summary>
/// <remarks>
/// The mounts live in a mount namespace of a child process and are reached through <c>/proc/PID/root</c>. When Strata ends, however it ends,
/// the child's standard input closes, it kills its own process group, and the kernel takes the namespace with all its mounts away.
/// Packages are installed with no network, by the root's own dpkg in a chroot.
/// </remarks>
internal sealed class MountedTrees : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);
    private readonly Process _holder;

    private MountedTrees(Process holder, string parent, string child) => (_holder, ParentRoot, ChildRoot) = (holder, parent, child);

    /// <summary>The tree without the packages.</summary>
    public string ParentRoot { get; }

    /// <summary>The tree with the packages.</summary>
    public string ChildRoot { get; }

    /// <summary>Installs the packages of <paramref name="locked"/> on top of <paramref name="lowers"/>.</summary>
    /// <param name="lowers">Topmost first; the last one is the base.</param>
    /// <param name="upper">An empty folder; holds what the installation changed, as overlayfs writes it.</param>
    /// <exception cref="ToolFailedException">A package did not install.</exception>
    public static async Task<MountedTrees> InstallAsync(DebianFeed feed, PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation)
    {
        // The root of the merged tree is that of the upper folder, which has to look as the root beneath it does.
        File.SetUnixFileMode(upper, File.GetUnixFileMode(lowers[0]));
        Directory.SetLastWriteTimeUtc(upper, Directory.GetLastWriteTimeUtc(lowers[0]));
        var merged = scratch.Folder("merged");
        var parent = lowers.Count > 1 ? scratch.Folder("parent") : lowers[0];
        var archives = scratch.Folder("archives");
        feed.Lay(locked, archives);
        var log = scratch.At("install.log");
        List<string> script =
        [
            "--mount", "--net", "/bin/sh", "-c", Script, "strata",
            string.Join(':', lowers.Select(Escape)), Escape(upper), Escape(scratch.Folder("work")), merged, lowers.Count > 1 ? parent : "", archives, log,
            .. locked.Packages.Count > 0 ? feed.InstallCommand(locked, merged, scratch.Folder("apt")) : ["true"],
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
        lines.LastOrDefault(l => l.StartsWith("E: ", StringComparison.Ordinal) || l.StartsWith("dpkg: error", StringComparison.Ordinal)) ?? lines.LastOrDefault();

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
        lower=$1 upper=$2 work=$3 merged=$4 parent=$5 archives=$6 log=$7
        shift 7
        exec 3<&0 </dev/null
        (cat <&3; kill -KILL 0) >/dev/null 2>&1 &
        exec 3<&-
        mount -t overlay overlay -o "lowerdir=$lower,volatile,upperdir=$upper,workdir=$work" "$merged"
        if [ -n "$parent" ]; then mount -t overlay overlay -o "ro,lowerdir=$lower" "$parent"; fi
        if [ "$1" != true ]; then
            mkdir -p "$merged/var/cache/apt/archives"
            mount --bind "$archives" "$merged/var/cache/apt/archives"
            mount -t tmpfs tmpfs "$merged/tmp"
            mount -t tmpfs tmpfs "$merged/run"
            mount -t proc proc "$merged/proc"
            mount -t tmpfs -o mode=0755 tmpfs "$merged/dev"
            for node in null zero full random urandom; do
                : > "$merged/dev/$node"
                mount --bind "/dev/$node" "$merged/dev/$node"
            done
            printf '#!/bin/sh\nexit 101\n' > "$merged/usr/sbin/policy-rc.d"
            chmod 0755 "$merged/usr/sbin/policy-rc.d"
            "$@" > "$log" 2>&1
            rm "$merged/usr/sbin/policy-rc.d"
            umount -R "$merged/dev"
            umount "$merged/proc" "$merged/run" "$merged/tmp" "$merged/var/cache/apt/archives"
        fi
        echo ready
        wait
        """;
}
