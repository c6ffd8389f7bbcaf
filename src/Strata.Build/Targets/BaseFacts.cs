using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Targets;

/// <summary>Which package manager a base was made with.</summary>
public enum PackageManager
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>dpkg.</summary>
    Dpkg,

    /// <summary>opkg.</summary>
    Opkg,

    /// <summary>rpm.</summary>
    Rpm,
}

/// <summary>What a base says of itself: its release file, the machines of its programs, its top folders. No link of it is followed.</summary>
/// <param name="Release">The keys of <c>os-release</c>; empty when there is none.</param>
/// <param name="Machines">OCI's names of the machines that ELF files in the visible folders are for, with their number, most first.</param>
/// <param name="Foreign">For each machine but the first, the paths of up to three such files.</param>
/// <param name="TopLinks">The links at the top of the base with their targets.</param>
/// <param name="TopFolders">The folders at the top of the base.</param>
/// <remarks>Source: os-release(5).</remarks>
public sealed record BaseFacts(
    IReadOnlyDictionary<string, string> Release,
    EquatableList<MachineCount> Machines,
    EquatableList<string> Foreign,
    IReadOnlyDictionary<string, string> TopLinks,
    EquatableList<string> TopFolders,
    PackageManager Packages)
{
    private const int LargestRelease = 64 << 10;
    private const int MostExamples = 3;

    private static readonly (string Path, PackageManager Manager)[] Databases =
    [
        ("var/lib/dpkg/status", PackageManager.Dpkg), ("var/lib/dpkg/status.d", PackageManager.Dpkg),
        ("var/lib/opkg/status", PackageManager.Opkg), ("usr/lib/opkg/status", PackageManager.Opkg),
        ("var/lib/rpm", PackageManager.Rpm), ("usr/lib/sysimage/rpm", PackageManager.Rpm),
    ];

    /// <summary>The version of the operating system, as layers state theirs; null when the base says none.</summary>
    public string? Version => Release.GetValueOrDefault("VERSION_ID") is { Length: > 0 } version ? version : null;

    /// <summary>Looks at the base in <paramref name="root"/>.</summary>
    /// <param name="visible">Where programs are looked at.</param>
    public static BaseFacts Of(string root, IEnumerable<string> visible, CancellationToken cancellation)
    {
        using var top = DirectoryHandle.Open(root);
        var machines = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in visible.Where(n => top.Stat(n)?.Kind == FileKind.Directory))
        {
            using var folder = top.OpenDirectory(name);
            Count(folder, name, machines, counts, cancellation);
        }
        var ranked = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => new MachineCount(c.Key, c.Value)).ToEquatableList();
        var kinds = top.Names().Select(name => (Name: name, Kind: top.Stat(name)?.Kind)).ToList();
        return new(
            ReleaseOf(top),
            ranked,
            [.. ranked.Skip(1).SelectMany(m => machines[m.Architecture])],
            kinds.Where(k => k.Kind == FileKind.SymbolicLink).ToDictionary(k => k.Name, k => top.ReadLink(k.Name), StringComparer.Ordinal),
            [.. kinds.Where(k => k.Kind == FileKind.Directory).Select(k => k.Name)],
            Databases.FirstOrDefault(d => KindOf(top, d.Path) is FileKind.File or FileKind.Directory).Manager);
    }

    private static void Count(DirectoryHandle folder, string above, Dictionary<string, List<string>> machines, Dictionary<string, int> counts, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Span<byte> head = stackalloc byte[ElfMachine.HeadLength];
        foreach (var name in folder.Names())
        {
            var path = $"{above}/{name}";
            switch (folder.Stat(name))
            {
                case { Kind: FileKind.Directory }:
                    using (var inner = folder.OpenDirectory(name)) Count(inner, path, machines, counts, cancellation);
                    break;
                case { Kind: FileKind.File, Size: >= ElfMachine.HeadLength }:
                    using (var file = folder.OpenFile(name))
                    {
                        if (ElfMachine.Of(head[..file.ReadFull(head)]) is not { } machine) break;
                        counts[machine] = counts.GetValueOrDefault(machine) + 1;
                        if (!machines.TryGetValue(machine, out var examples)) machines[machine] = examples = [];
                        if (examples.Count < MostExamples) examples.Add(path);
                    }
                    break;
            }
        }
    }

    private static Dictionary<string, string> ReleaseOf(DirectoryHandle top)
    {
        var release = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in new[] { "etc/os-release", "usr/lib/os-release" })
        {
            if (KindOf(top, path) != FileKind.File) continue;
            foreach (var line in TextOf(top, path).Split('\n'))
            {
                if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && !line.StartsWith('#'))
                    release.TryAdd(line[..equals], line[(equals + 1)..].Trim().Trim('"', '\''));
            }
            break;
        }
        return release;
    }

    /// <summary>What stands at a path of a tree of which no link is followed; null when there is nothing, or a link leads there.</summary>
    internal static FileKind? KindOf(DirectoryHandle folder, string path) => Walk(folder, path, (within, name) => within.Stat(name)?.Kind);

    private static string TextOf(DirectoryHandle folder, string path) => Walk(folder, path, (within, name) =>
    {
        var bytes = new byte[LargestRelease];
        using var file = within.OpenFile(name);
        return ByteText.FromBytes(bytes.AsSpan(0, file.ReadFull(bytes)));
    }) ?? "";

    private static T? Walk<T>(DirectoryHandle folder, string path, Func<DirectoryHandle, string, T?> at)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return at(folder, path);
        if (folder.Stat(path[..slash])?.Kind != FileKind.Directory) return default;
        using var inner = folder.OpenDirectory(path[..slash]);
        return Walk(inner, path[(slash + 1)..], at);
    }
}

/// <summary>How many ELF files are for a machine.</summary>
public sealed record MachineCount(string Architecture, int Files);
