using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Build.Recipes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>Folders of RPM packages, solved by the machine's dnf against a copy of the tree's own database.</summary>
/// <remarks>The folders' index is made anew by createrepo_c, which takes from an index that lies there what it says of files that have not changed.</remarks>
/// <param name="oci">The target's architecture by OCI's name.</param>
internal sealed partial class DnfFeed(BuildCache cache, IReadOnlyList<PackageFeed> feeds, string oci) : IPackageSolver, IDisposable
{
    // libsolv reads a list of architectures as such only when it has two at least, and by a name that it does not know itself.
    private const string NoArchitecture = "strata_none";
    private readonly SemaphoreSlim _preparing = new(1);
    private RpmOffer? _offer;

    private string Name { get; } = string.Join("', '", feeds.Select(f => f.Name));

    /// <inheritdoc/>
    public async Task<FeedAnswer> ResolveAsync(PackageQuery query, CancellationToken cancellation)
    {
        if (query.Requests.Where(r => !PackageName().IsMatch(r.Name)).ToList() is { Count: > 0 } misnamed)
            return new FeedAnswer.Refused([.. misnamed.Select(r => new RecipeMistake(r.At, $"'{Quote.Short(r.Name)}' cannot be the name of a package; correct it, or map it under 'names' in the target file."))]);
        var offer = await PrepareAsync(cancellation);
        var unknown = query.Requests.Where(r => !offer.Names.Contains(r.Name)).ToList();
        if (unknown.Count > 0)
            return new FeedAnswer.Refused([.. unknown.Select(r => new RecipeMistake(r.At, UnknownPackage.Sentence(r, Name, [.. offer.Names], query.Mapped, [.. offer.LeftOut[r.Name]])))]);

        using var scratch = cache.NewScratch();
        var (database, source) = PackageDatabase.RpmFolder(query.Lowers);
        var root = Root(scratch, database, source, offer);
        var packages = new List<LockedPackage>();
        if (query.Names.Count > 0)
        {
            var outcome = await Tool(scratch, root, offer, ["download", "--resolve", "--urls", .. query.Names]).RunAsync(cancellation);
            if (outcome.Error.Contains("No such command", StringComparison.Ordinal)) throw new ToolMissingException("dnf");
            if (!outcome.IsSuccess)
                return new FeedAnswer.Refused([new(query.Requests[0].At, $"the feed '{Name}' cannot install these packages together: {Reasons(outcome)}")]);
            var installed = await RpmQuery.InstalledAsync(root, database, cancellation);
            foreach (var (feed, path) in outcome.Lines.Where(l => l.StartsWith("file://", StringComparison.Ordinal)).Select(offer.FileOf))
            {
                var package = await PackageAsync(Path.Combine(feeds[feed].Folder!, path), path, cancellation);
                if (!installed.Contains((package.Name, package.Version, package.Architecture))) packages.Add(package);
            }
        }
        return new FeedAnswer.Locked(new PackageLock(FeedKind.Rpm, null, PackageArchitectures.Rpm(oci), [.. packages.DistinctBy(p => p.Sha256).OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Path, StringComparer.Ordinal)])
        {
            Mode = feeds[0].Mode,
            Base = query.Base,
            Requests = query.Names,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _preparing.Dispose();

    private async Task<RpmOffer> PrepareAsync(CancellationToken cancellation)
    {
        await _preparing.WaitAsync(cancellation);
        try
        {
            return _offer ??= await IndexAsync(FolderScan.Of(feeds, oci), cancellation);
        }
        finally
        {
            _preparing.Release();
        }
    }

    private async Task<RpmOffer> IndexAsync(FolderScan scan, CancellationToken cancellation)
    {
        var place = cache.At("dnf", scan.Identity.Hex[..32]);
        using var held = await cache.LockAsync("dnf", cancellation);
        if (!Directory.Exists(place))
        {
            using var scratch = cache.NewScratch();
            var made = scratch.Folder("made");
            for (var number = 0; number < feeds.Count; number++)
            {
                var folder = feeds[number].Folder!;
                var output = Directory.CreateDirectory(Path.Combine(made, $"{number}")).FullName;
                List<string> arguments = ["--quiet", "--no-database", "--compatibility", "--outputdir", output];
                if (File.Exists(Path.Combine(folder, "repodata/repomd.xml"))) arguments.AddRange(["--update", "--update-md-path", folder]);
                (await new ExternalTool("createrepo_c", [.. arguments, folder]).RunAsync(cancellation)).OrFail($"Reading the packages of {folder}");
            }
            await File.WriteAllLinesAsync(Path.Combine(made, RpmOffer.ListName), await RpmQuery.NamesAsync([.. scan.Files.Select(scan.FullPath)], cancellation), cancellation);
            BuildCache.Publish(made, place);
        }
        return RpmOffer.Read(place, feeds, oci);
    }

    // dnf looks at a root of its own that holds nothing but the database, so that it changes nothing in ours.
    private static string Root(ScratchFolder scratch, string database, string source, RpmOffer offer)
    {
        var root = scratch.Folder("root");
        var copy = scratch.Folder("root/" + database);
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(scratch.Folder("root/etc/dnf/vars"), "arch"), string.Join(':', offer.Architectures.Prepend(NoArchitecture).Append(NoArchitecture)));
        File.WriteAllText(Path.Combine(scratch.Folder("home"), ".rpmmacros"), $"%_dbpath /{database}\n");
        File.WriteAllText(scratch.At("dnf.conf"), "[main]\n");
        return root;
    }

    private static ExternalTool Tool(ScratchFolder scratch, string root, RpmOffer offer, IReadOnlyList<string> arguments)
    {
        List<string> options =
        [
            "--quiet", "--assumeyes", "--config", scratch.At("dnf.conf"), "--installroot", root, "--releasever", "strata",
            "--setopt=reposdir=/nonexistent", "--setopt=gpgcheck=0", "--setopt=install_weak_deps=0", "--setopt=ignorearch=1",
            "--setopt=metadata_expire=0", $"--setopt=logdir={scratch.Folder("log")}",
        ];
        for (var number = 0; number < offer.Repositories.Count; number++) options.Add($"--repofrompath=feed{number},file://{offer.Repositories[number]}");
        return new("dnf", [.. options, .. arguments])
        {
            Environment = new Dictionary<string, string>(ExternalTool.Quiet) { ["HOME"] = scratch.At("home"), ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
    }

    // dnf lists what is missing behind hyphens.
    private static string Reasons(ToolOutcome outcome)
    {
        var lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reasons = lines.Where(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => l[2..]).ToList();
        return string.Join("; ", (reasons.Count > 0 ? reasons : [.. lines]).Take(10).Select(Quote.Short));
    }

    private static async Task<LockedPackage> PackageAsync(string file, string path, CancellationToken cancellation)
    {
        var (name, version, architecture) = (await RpmQuery.FilesAsync([file], cancellation))[0].Identity;
        await using var content = File.OpenRead(file);
        return new(name, version, architecture, Digest.FromHash(await SHA256.HashDataAsync(content, cancellation)), path, content.Length);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9+._-]*$")]
    private static partial Regex PackageName();
}
