using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>A private place for the machine's apt to work in: own lists, own state, the machine's sources of one suite. The machine's own apt state is not touched.</summary>
/// <param name="cache">Keeps the lists from one build to the next.</param>
internal sealed class AptRoot(BuildCache cache, string suite, string architecture)
{
    private string Lists => cache.At("apt", $"{suite}-{architecture}", "lists");

    private string Sources => cache.At("apt", $"{suite}-{architecture}", "sources");

    /// <summary>Fetches the package lists when there are none yet, or anew when <paramref name="refresh"/>.</summary>
    /// <exception cref="FeedUnavailableException">The archive was not reached.</exception>
    public async Task PrepareAsync(bool refresh, CancellationToken cancellation)
    {
        using var held = await cache.LockAsync($"apt-{suite}-{architecture}", cancellation);
        if (!refresh && Directory.Exists(Lists)) return;
        using var scratch = cache.NewScratch();
        var sources = scratch.Folder("sources");
        if (AptSources.CopyOf(suite, sources) == 0)
            throw new FeedUnavailableException($"No source of suite '{suite}' is set up in /etc/apt; add one there, or correct 'suite' in the target file.");
        var lists = scratch.Folder("lists");
        var update = await Tool("apt-get", ["update", "-q"], lists, sources, scratch.Root, []).RunAsync(cancellation);
        if (!update.IsSuccess) throw Unreachable(update);
        ScratchFolder.Delete(cache.At("apt", $"{suite}-{architecture}"));
        BuildCache.Publish(sources, Sources);
        BuildCache.Publish(lists, Lists);
    }

    /// <summary>A digest that changes when the lists do.</summary>
    public Digest Identity()
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var release in Directory.EnumerateFiles(Lists, "*Release").Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(release));
        return Digest.FromHash(hash.GetHashAndReset());
    }

    /// <summary>apt-get or apt-cache in this place.</summary>
    /// <param name="scratch">Where it may write.</param>
    public ExternalTool Tool(string name, IReadOnlyList<string> arguments, string scratch, IReadOnlyList<string> options) =>
        Tool(name, arguments, Lists, Sources, scratch, options);

    /// <summary>What to say when apt did not reach the archive.</summary>
    public FeedUnavailableException Unreachable(ToolOutcome outcome) =>
        new($"The package feed '{suite}' was not reached ({Quote.Short(outcome.Complaints is [var first, ..] ? first : "apt said nothing")}); check the network and the sources in /etc/apt, then try again.");

    private ExternalTool Tool(string name, IReadOnlyList<string> arguments, string lists, string sources, string scratch, IReadOnlyList<string> options)
    {
        foreach (var folder in new[] { "state", "archives/partial", "log" }) Directory.CreateDirectory(Path.Combine(scratch, folder));
        Directory.CreateDirectory(Path.Combine(lists, "partial"));
        return new(name, [.. Options(lists, sources, scratch).Concat(options).SelectMany(o => new[] { "-o", o }), .. arguments]);
    }

    private IEnumerable<string> Options(string lists, string sources, string scratch) =>
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
