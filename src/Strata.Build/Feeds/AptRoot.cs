using System.Security.Cryptography;
using System.Text;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>A private place for the machine's apt to work in: own lists, own state, the sources of the feeds. The machine's own apt state is not touched.</summary>
/// <param name="cache">Keeps the lists from one build to the next.</param>
/// <param name="feeds">At most one archive, and folders.</param>
/// <param name="oci">The target's architecture by OCI's name.</param>
internal sealed class AptRoot(BuildCache cache, IReadOnlyList<PackageFeed> feeds, string oci)
{
    private readonly string _architecture = PackageArchitectures.Debian(oci);
    private string _place = "";

    /// <summary>What the folders among the feeds hold; null when there are none.</summary>
    public FolderIndex? Folders { get; private set; }

    /// <summary>For people: all feeds by name.</summary>
    public string Name { get; } = string.Join("', '", feeds.Select(f => f.Name));

    private string Lists => Path.Combine(_place, "lists");

    /// <summary>Fetches an archive's package lists when there are none yet, or anew when <paramref name="refresh"/>, and reads the folders.</summary>
    /// <exception cref="FeedUnavailableException">The archive was not reached.</exception>
    /// <exception cref="InvalidDataException">A folder holds something that is no package.</exception>
    public async Task PrepareAsync(bool refresh, CancellationToken cancellation)
    {
        var archive = feeds.FirstOrDefault(f => f.Suite is not null) is { Suite: { } suite } ? await PrepareArchiveAsync(suite, refresh, cancellation) : null;
        var folders = feeds.Where(f => f.Folder is not null).ToList();
        if (folders.Count == 0)
        {
            _place = archive ?? throw new InvalidOperationException("There is no feed.");
            return;
        }
        var scan = FolderScan.Of(folders, oci);
        var place = cache.At("apt", $"folders-{Key(scan, archive).Hex[..32]}");
        using var held = await cache.LockAsync("apt-folders", cancellation);
        if (!Directory.Exists(Path.Combine(place, "lists"))) await IndexAsync(scan, archive, place, cancellation);
        _place = place;
        Folders = FolderIndex.Read(scan, Path.Combine(place, "repository"));
    }

    /// <summary>A digest that changes when what the feeds offer does.</summary>
    public Digest Identity() => Folders is not null ? Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(_place))) : IdentityOf(Lists);

    /// <summary>apt-get or apt-cache in this place.</summary>
    /// <param name="scratch">Where it may write.</param>
    public ExternalTool Tool(string name, IReadOnlyList<string> arguments, string scratch, IReadOnlyList<string> options) =>
        Tool(name, arguments, Lists, Path.Combine(_place, "sources"), scratch, _architecture, options);

    /// <summary>apt-get in a place without sources or lists: it knows the files it is given and nothing else.</summary>
    public static ExternalTool Bare(IReadOnlyList<string> arguments, string scratch, string architecture, IReadOnlyList<string> options)
    {
        var sources = Path.Combine(scratch, "sources");
        Directory.CreateDirectory(sources);
        return Tool("apt-get", arguments, Path.Combine(scratch, "lists"), sources, scratch, architecture, options);
    }

    /// <summary>What to say when apt did not reach the archive.</summary>
    public FeedUnavailableException Unreachable(ToolOutcome outcome) =>
        new($"The package feed '{Name}' was not reached ({Quote.Short(outcome.Complaints is [var first, ..] ? first : "apt said nothing")}); check the network and the sources in /etc/apt, then try again.");

    private async Task<string> PrepareArchiveAsync(string suite, bool refresh, CancellationToken cancellation)
    {
        var place = cache.At("apt", $"{suite}-{_architecture}");
        using var held = await cache.LockAsync($"apt-{suite}-{_architecture}", cancellation);
        if (!refresh && Directory.Exists(Path.Combine(place, "lists"))) return place;
        using var scratch = cache.NewScratch();
        var sources = scratch.Folder("sources");
        if (AptSources.CopyOf(suite, sources) == 0)
            throw new FeedUnavailableException($"No source of suite '{suite}' is set up in /etc/apt; add one there, or correct 'suite' in the target file.");
        var lists = scratch.Folder("lists");
        var update = await Tool("apt-get", ["update", "-q"], lists, sources, scratch.Root, _architecture, []).RunAsync(cancellation);
        if (!update.IsSuccess) throw Unreachable(update);
        ScratchFolder.Delete(place);
        BuildCache.Publish(sources, Path.Combine(place, "sources"));
        BuildCache.Publish(lists, Path.Combine(place, "lists"));
        return place;
    }

    // The folders' own index is written anew for apt: with architectures that it knows, and only with what is there.
    private async Task IndexAsync(FolderScan scan, string? archive, string place, CancellationToken cancellation)
    {
        using var scratch = cache.NewScratch();
        var repository = scratch.Folder("repository");
        await FolderIndex.WriteAsync(scan, repository, cancellation);
        ScratchFolder.Delete(place);
        BuildCache.Publish(repository, Path.Combine(place, "repository"));

        var sources = scratch.Folder("sources");
        var only = Path.Combine(sources, "folders.list");
        await File.WriteAllTextAsync(only, $"deb [trusted=yes] copy:{place}/repository ./\n", cancellation);
        var lists = scratch.Folder("lists");
        foreach (var (from, to) in archive is null ? [] : new[] { ("lists", lists), ("sources", sources) })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(archive!, from))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        // One source is read; the lists of the archive stay as they are.
        var update = await Tool("apt-get", ["update", "-q"], lists, "-", scratch.Root, _architecture, [$"Dir::Etc::sourcelist={only}", "APT::Get::List-Cleanup=0"]).RunAsync(cancellation);
        update.OrFail("Reading the package folders");
        BuildCache.Publish(sources, Path.Combine(place, "sources"));
        BuildCache.Publish(lists, Path.Combine(place, "lists"));
    }

    private static Digest Key(FolderScan scan, string? archive)
    {
        var text = new StringBuilder($"{scan.Identity}\n");
        if (archive is not null) text.Append(IdentityOf(Path.Combine(archive, "lists"))).Append('\n');
        return Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static Digest IdentityOf(string lists)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var release in Directory.EnumerateFiles(lists, "*Release").Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(release));
        return Digest.FromHash(hash.GetHashAndReset());
    }

    private static ExternalTool Tool(string name, IReadOnlyList<string> arguments, string lists, string sources, string scratch, string architecture, IReadOnlyList<string> options)
    {
        foreach (var folder in new[] { "state", "archives/partial", "log" }) Directory.CreateDirectory(Path.Combine(scratch, folder));
        Directory.CreateDirectory(Path.Combine(lists, "partial"));
        return new(name, [.. Options(lists, sources, scratch, architecture).Concat(options).SelectMany(o => new[] { "-o", o }), .. arguments]);
    }

    private static IEnumerable<string> Options(string lists, string sources, string scratch, string architecture) =>
    [
        $"Dir::State={scratch}/state",
        $"Dir::State::lists={lists}",
        $"Dir::Cache={scratch}",
        $"Dir::Cache::archives={scratch}/archives",
        "Dir::Cache::pkgcache=",
        // Written by apt whole or not at all, and made anew when the lists change: saves most of a second in every call.
        $"Dir::Cache::srcpkgcache={Path.GetDirectoryName(lists)}/srcpkgcache.bin",
        $"Dir::Log={scratch}/log",
        "Dir::Etc::sourcelist=/dev/null",
        $"Dir::Etc::sourceparts={sources}",
        "Dir::Etc::preferences=/dev/null",
        "Dir::Etc::preferencesparts=/dev/null",
        $"APT::Architecture={architecture}",
        $"APT::Architectures={architecture}",
        "APT::Install-Recommends=0",
        "APT::Install-Suggests=0",
        "APT::Sandbox::User=root",
        "APT::Update::Error-Mode=any",
        "APT::Keep-Downloaded-Packages=1",
        "Acquire::ForceHash=SHA256",
        "Acquire::Languages=none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
        "Acquire::Retries=1",
        "Debug::NoLocking=1",
        "Dpkg::Use-Pty=0",
    ];
}
