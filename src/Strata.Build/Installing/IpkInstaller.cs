using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Layers;
using Strata.Build.Processes;

namespace Strata.Build.Installing;

/// <summary>Installs opkg packages: in the order of their dependencies, each one's preinst, then its content; at the end every postinst, in a chroot.</summary>
/// <remarks>
/// This is what opkg does on a device, where <c>D</c> is not set and scripts see the root as <c>/</c>; opkg itself is no program of Debian.
/// A script that fails ends the build. Source: opkg, the arguments of its scripts.
/// </remarks>
internal sealed class IpkInstaller(PackagePool pool, string oci) : IPackageInstaller
{
    private const string Before = "preinst", After = "postinst";

    // The first argument is the root, the second what the scripts are told.
    private const string RunScripts = """
        root=$1 word=$2
        shift 2
        for script in "$@"; do
            chroot "$root" "$script" "$word" || { echo "error: the script ${script##*/} ended with $?"; exit 1; }
        done
        """;

    /// <inheritdoc/>
    public async Task<PackageLock> CompleteAsync(PackageLock locked, CancellationToken cancellation)
    {
        var completed = await new PackageUnpacker(pool).CompleteAsync(locked, cancellation);
        return completed with { Packages = locked.Packages };
    }

    /// <inheritdoc/>
    public async Task<MountedTrees> InstallAsync(PackageLock locked, IReadOnlyList<string> lowers, string upper, ScratchFolder scratch, CancellationToken cancellation)
    {
        var controls = new List<ControlFiles>();
        foreach (var package in locked.Packages) controls.Add(await ControlFiles.ReadAsync(pool.FileOf(package), package.Name, cancellation));
        var order = DependencyOrder.Of([.. controls.Select(c => c.Description)]);
        var scripts = scratch.Folder("scripts");
        for (var number = 0; number < controls.Count; number++) Keep(controls[number], number, scripts);

        // What runs a script has the tree mounted anew, with a /tmp and a /proc; packages without a script share one mount.
        for (var next = 0; next < order.Count;)
        {
            var first = next;
            do next++;
            while (next < order.Count && !Has(controls[order[next]], Before));
            var change = Has(controls[order[first]], Before) ? Change(scratch, scripts, "install", [Name(order[first], controls[order[first]], Before)]) : null;
            await using var trees = await MountedTrees.OpenAsync(lowers, upper, change, scratch, cancellation);
            await UnpackAsync(locked, [.. order.Skip(first).Take(next - first)], controls, trees.ChildRoot, lowers, cancellation);
        }
        var after = order.Where(n => Has(controls[n], After)).Select(n => Name(n, controls[n], After)).ToList();
        return await MountedTrees.OpenAsync(lowers, upper, after.Count > 0 ? Change(scratch, scripts, "configure", after) : null, scratch, cancellation);
    }

    private async Task UnpackAsync(PackageLock locked, IReadOnlyList<int> numbers, List<ControlFiles> controls, string root, IReadOnlyList<string> lowers, CancellationToken cancellation)
    {
        using var tree = new RootedTree(root);
        var records = PackageRecords.Open(tree, locked.Feed, lowers);
        foreach (var number in numbers)
        {
            var package = locked.Packages[number];
            records.Add(controls[number], await PackageUnpacker.UnpackAsync(pool.FileOf(package), package.Name, tree, cancellation));
        }
        tree.Finish();
        records.Save();
    }

    private TreeChange Change(ScratchFolder scratch, string scripts, string word, IReadOnlyList<string> names) => new(
        ["/bin/sh", "-c", RunScripts, "scripts", scratch.At(TreeChange.MergedName), word, .. names.Select(n => $"{TreeChange.PackagesAt}/{n}")], scripts, Emulation.For(oci));

    private static bool Has(ControlFiles control, string script) => control.Scripts.Contains(script);

    private static string Name(int number, ControlFiles control, string script) => $"{number}-{control.Description.Value("Package").Replace('/', '-')}.{script}";

    private static void Keep(ControlFiles control, int number, string folder)
    {
        foreach (var script in control.Others.Where(o => o.Name is Before or After))
        {
            var file = Path.Combine(folder, Name(number, control, script.Name));
            File.WriteAllBytes(file, script.Content);
            File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
        }
    }
}
