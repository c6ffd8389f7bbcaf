using System.Diagnostics;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Build.Targets;
using Strata.Model.Identity;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Build.Layers;

/// <summary>A layer in a stack to look at.</summary>
/// <param name="Archive">Full path.</param>
/// <param name="Name">Null when nothing describes it.</param>
/// <param name="Version">Null when nothing describes it.</param>
/// <param name="DiffId">Of what was unpacked.</param>
public sealed record StackedLayer(string Archive, string? Name, SemanticVersion? Version, DiffId DiffId);

/// <summary>Layers with their parents over the visible folders of a base, as a service on a unit sees them, for one command to look at.</summary>
/// <remarks>
/// Unpacked into a scratch folder; mounted read-only in namespaces that end with the command, and with Strata, however that ends.
/// Needs root. Source: decision 5 of the design; docs/formats/layer-archive.md.
/// </remarks>
public sealed class LayerStackView : IDisposable
{
    private const string Top = "top", Hidden = "hidden", Base = "base", Root = "root", Alive = "alive";
    private const int DirectoryMode = 0x1ED;
    private static readonly string[] MountPoints = ["proc", "sys", "dev", "tmp", "etc"];
    private readonly ScratchFolder _scratch;
    private readonly List<(StackedLayer Layer, string Folder)> _unpacked = [];

    private LayerStackView(ScratchFolder scratch) => _scratch = scratch;

    /// <summary>The layers, topmost first; what lies beneath them is the base.</summary>
    public IReadOnlyList<StackedLayer> Layers { get; private set; } = [];

    /// <summary>What is worth knowing before one trusts the view: a base that is not the layers' own.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>The base lies beneath, so that there is a shell.</summary>
    public bool HasBase { get; private set; }

    /// <summary>Unpacks the layers and the parents that they name, which are looked for among the given and then where a build puts them.</summary>
    /// <param name="archives">First is topmost.</param>
    /// <param name="target">Whose base lies beneath; null for none.</param>
    /// <exception cref="InvalidDataException">A layer or parent is not there or is not what its description says, or one stack would need two versions of a layer.</exception>
    /// <exception cref="ArchiveRefusedException">A layer is nothing that a unit takes.</exception>
    public static async Task<LayerStackView> OpenAsync(IReadOnlyList<string> archives, Target? target, BuildCache cache, CancellationToken cancellation)
    {
        var view = new LayerStackView(cache.NewScratch());
        try
        {
            var given = new List<(LayerFile File, StackedLayer Layer)>();
            foreach (var archive in archives)
            {
                var file = LayerFiles.At(archive);
                given.Add((file, await view.UnpackAsync(file, cancellation)));
            }
            var chain = new List<StackedLayer>();
            foreach (var (file, layer) in given) await view.AddAsync(file, layer, given, chain, cancellation);
            // A parent that several share stands once, at its lowest place.
            view.Layers = [.. Enumerable.Reverse(chain).DistinctBy(l => l.DiffId).Reverse()];
            if (view.Layers.Where(l => l.Name is not null).GroupBy(l => l.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new InvalidDataException($"The stack would hold {twice.Key} in the versions {string.Join(" and ", twice.Select(l => l.Version))}; no unit mounts that. Rebuild the layers on the same one.");
            view.Prepare();
            if (target is not null) await view.LayBaseAsync(target, given.Select(g => g.File), cache, cancellation);
            return view;
        }
        catch
        {
            view.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command inside, with the streams of Strata itself; its exit code.</summary>
    /// <param name="terminalType">What TERM is inside; null for none.</param>
    /// <exception cref="ToolMissingException">A program of util-linux is not installed.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> command, string? terminalType, CancellationToken cancellation)
    {
        var lowers = string.Join(':', new[] { Top }.Concat(Layers.Select(l => _unpacked.First(u => u.Layer.DiffId == l.DiffId).Folder)).Concat(HasBase ? [Hidden, Base] : []));
        // Held until the end: a watcher that gets it without a word in it knows that Strata was killed.
        await using var alive = new FileStream(_scratch.At(Alive), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using var process = ExternalTool.StartInherited("/bin/sh", ["-c", Outer, "strata", _scratch.At(Alive), Inner, _scratch.Root, lowers, InRoot(command, terminalType)]);
        await using (cancellation.Register(() => ExternalTool.Kill(process))) await process.WaitForExitAsync(CancellationToken.None);
        alive.Write("done\n"u8);
        alive.Flush();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    /// <summary>The command as a shell reads it: with an environment of its own, its root the mounted tree.</summary>
    private static string InRoot(IReadOnlyList<string> command, string? terminalType)
    {
        string[] words = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", $"TERM={terminalType ?? "dumb"}", "chroot", Root, .. command];
        return "exec " + string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
    }

    private async Task AddAsync(LayerFile file, StackedLayer layer, List<(LayerFile File, StackedLayer Layer)> given, List<StackedLayer> chain, CancellationToken cancellation)
    {
        chain.Add(layer);
        if (file.Description?.Parent is not { } parent) return;
        if (given.Find(g => g.Layer.DiffId == parent.DiffId) is { File: { } among } known)
        {
            await AddAsync(among, known.Layer, given, chain, cancellation);
            return;
        }
        var beside = LayerFiles.Beside(file, parent.DiffId) ?? throw new InvalidDataException(
            $"{layer.Name} was built on {parent.Name} {parent.Version} with the diff id {parent.DiffId}, and no such layer stands beside it; name its file as well.");
        await AddAsync(beside, await UnpackAsync(beside, cancellation), given, chain, cancellation);
    }

    private async Task<StackedLayer> UnpackAsync(LayerFile file, CancellationToken cancellation)
    {
        var folder = $"l{_unpacked.Count}";
        var into = _scratch.Folder(folder);
        DiffId diffId;
        await using (var tar = await TarStream.OpenAsync(file.Archive, ArchiveLimits.Default, cancellation))
        {
            await using var hashed = new HashingStream(tar, leaveOpen: true);
            using var reader = new TarLayerReader(hashed);
            using var root = DirectoryHandle.Open(into);
            using var unpacker = new LayerUnpacker(root);
            await unpacker.UnpackAsync(reader, cancellation);
            diffId = hashed.Current().AsDiffId();
        }
        if (file.Description is { } said && said.Archive.DiffId != diffId)
            throw new InvalidDataException($"{file.Archive} is not what its layer.json says: its diff id is {diffId}, and {said.Archive.DiffId} was expected. 'strata layer verify' lists what differs.");
        var layer = new StackedLayer(file.Archive, file.Description?.Name, file.Description?.Version, diffId);
        _unpacked.Add((layer, folder));
        return layer;
    }

    /// <summary>What a unit puts on top of every stack: mount points, and the files of a network.</summary>
    private void Prepare()
    {
        using var scratch = DirectoryHandle.Open(_scratch.Root);
        foreach (var folder in new[] { Top, Hidden, Root }) Make(scratch, folder);
        using var top = scratch.OpenDirectory(Top);
        foreach (var point in MountPoints) Make(top, point);
        File.WriteAllText(_scratch.At("top/etc/hosts"), "127.0.0.1 localhost\n::1 localhost\n");
    }

    private async Task LayBaseAsync(Target target, IEnumerable<LayerFile> given, BuildCache cache, CancellationToken cancellation)
    {
        var tree = await BaseTree.OpenAsync(target, cache, cancellation);
        // By a name of ours: a path may hold what overlay options cannot.
        Directory.CreateSymbolicLink(_scratch.At(Base), tree.Root);
        using var root = DirectoryHandle.Open(tree.Root);
        using var hidden = DirectoryHandle.Open(_scratch.At(Hidden));
        foreach (var name in root.Names().Where(n => !target.Visible.Contains(n))) hidden.CreateDevice(name, block: false, 0, 0);
        HasBase = true;
        Notes =
        [
            .. given.Where(g => g.Description?.Base is { } own && own.Identity != tree.Identity)
                .Select(g => $"{g.Description!.Name} was built on the base {g.Description.Base!.Identity}, and that of {target.Name} is {tree.Identity}: what is seen here need not fit."),
        ];
    }

    private static void Make(DirectoryHandle within, string name)
    {
        within.CreateDirectory(name, DirectoryMode);
        within.SetMode(name, DirectoryMode); // whatever the umask
    }

    // The watcher gets the lock when Strata is gone; unshare then dies, and with it the first process of the inner namespace and all in it.
    private const string Outer = """
        alive=$1 inner=$2
        shift 2
        (exec 9<"$alive"; flock 9; read -r word <&9 || kill -KILL $$) </dev/null >/dev/null 2>&1 &
        exec unshare --mount --pid --net --ipc --uts --fork --kill-child=KILL --propagation private -- /bin/sh -c "$inner" strata "$@"
        """;

    // A terminal's process groups are not seen from the inner namespace, so that a shell there could not give it back: script makes one of its own.
    private const string Inner = """
        set -eu
        cd "$1"
        lowers=$2 command=$3
        mount -t overlay overlay -o "ro,lowerdir=$lowers" root
        mount -t proc proc root/proc
        mount -t tmpfs tmpfs root/tmp
        mount -t tmpfs -o mode=0755 tmpfs root/dev
        for node in null zero full random urandom tty; do
            : > "root/dev/$node"
            mount --bind "/dev/$node" "root/dev/$node"
        done
        set +e
        if [ -t 0 ] && [ -t 1 ]; then
            SHELL=/bin/sh script -qec "$command" /dev/null
        else
            /bin/sh -c "$command"
        fi
        exit $?
        """;
}
