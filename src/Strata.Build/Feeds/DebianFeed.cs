using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Build.Caching;
using Strata.Build.Processes;
using Strata.Build.Recipes;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>A Debian archive, as the machine's own apt reaches it.</summary>
/// <param name="suite">For example <c>bookworm</c>; its updates and its security belong to it.</param>
/// <param name="architecture">Debian's name, <c>amd64</c>.</param>
public sealed partial class DebianFeed(BuildCache cache, string suite, string architecture)
{
    private readonly AptRoot _apt = new(cache, suite, architecture);

    /// <summary>Finds the packages that have to be added so that all of <paramref name="requests"/> are installed.</summary>
    /// <param name="status">dpkg's status file of the root they are added to; what stands there is not fetched again.</param>
    /// <param name="refresh">Fetch the package lists anew first.</param>
    /// <exception cref="FeedUnavailableException">No lists are kept yet and the archive was not reached.</exception>
    public async Task<FeedAnswer> ResolveAsync(IReadOnlyList<PackageRequest> requests, string status, bool refresh, CancellationToken cancellation)
    {
        if (requests.Where(r => !PackageName().IsMatch(r.Name)).ToList() is { Count: > 0 } misnamed)
            return new FeedAnswer.Refused([.. misnamed.Select(r => new RecipeMistake(r.At, $"'{Quote.Short(r.Name)}' cannot be the name of a Debian package; correct it, or map it under 'names' in the target file."))]);
        await _apt.PrepareAsync(refresh, cancellation);
        var known = cache.At("resolutions", Key(requests, status).Hex + ".json");
        if (File.Exists(known)) return new FeedAnswer.Locked(PackageLockJson.Read(File.ReadAllBytes(known)));

        using var scratch = cache.NewScratch();
        var names = requests.Select(r => r.Name).Distinct().Order(StringComparer.Ordinal);
        var outcome = await _apt.Tool("apt-get", ["-qq", "-y", "--print-uris", "install", .. names], scratch.Root, [$"Dir::State::status={status}", "APT::Cmd::Pattern-Only=true"]).RunAsync(cancellation);
        if (!outcome.IsSuccess) return new FeedAnswer.Refused(await ExplainAsync(outcome, requests, scratch, status, cancellation));
        var locked = new PackageLock("debian", suite, architecture, [.. outcome.Lines.Select(Package).OrderBy(p => p.Name, StringComparer.Ordinal)]);
        cache.Folder("resolutions");
        await BuildCache.WriteAsync(known, file => file.WriteAsync(PackageLockJson.Write(locked), cancellation).AsTask());
        return new FeedAnswer.Locked(locked);
    }

    /// <summary>Brings the packages of <paramref name="locked"/> into the cache, each checked against its digest; gives the lock with its time.</summary>
    /// <param name="progress">Bytes here, of bytes in all.</param>
    /// <exception cref="FeedUnavailableException">The archive was not reached, or no longer has a package.</exception>
    public async Task<PackageLock> DownloadAsync(PackageLock locked, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        if (locked.Packages.Any(p => !File.Exists(FileOf(p))))
        {
            using var held = await cache.LockAsync("packages", cancellation); // two builds of one feed want mostly the same ones
            await FetchAsync([.. locked.Packages.Where(p => !File.Exists(FileOf(p)))], progress, cancellation);
        }
        return locked with { Time = locked.Packages.Select(p => TimeOf(FileOf(p))).DefaultIfEmpty(0).Max() };
    }

    /// <summary>Lays the packages of <paramref name="locked"/> into a folder under the names that apt looks for.</summary>
    public void Lay(PackageLock locked, string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "partial"));
        foreach (var package in locked.Packages) File.Copy(FileOf(package), Path.Combine(folder, AptName(package)));
    }

    /// <summary>apt-get that installs exactly the packages of <paramref name="locked"/> from what lies ready, into the root at <paramref name="root"/>.</summary>
    internal IReadOnlyList<string> InstallCommand(PackageLock locked, string root, string scratch)
    {
        var tool = _apt.Tool("apt-get",
            ["-y", "--no-download", "--allow-downgrades", "install", .. locked.Packages.Select(p => $"{p.Name}={p.Version}")],
            scratch,
            [
                $"Dir::State::status={root}/var/lib/dpkg/status",
                $"Dir::State::extended_states={root}/var/lib/apt/extended_states",
                $"Dir::Cache::archives={root}/var/cache/apt/archives",
                $"DPkg::Chroot-Directory={root}",
                "Dpkg::Options::=--force-unsafe-io",
                "Dpkg::Options::=--log=/dev/null",
            ]);
        return [tool.Name, .. tool.Arguments];
    }

    private async Task FetchAsync(IReadOnlyList<LockedPackage> missing, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        if (missing.Count == 0) return;
        using var scratch = cache.NewScratch();
        var status = scratch.At("empty-status");
        await File.WriteAllTextAsync(status, "", cancellation);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = WatchAsync(scratch.At("fetched"), missing.Sum(p => p.Size), progress, watching.Token);
        var outcome = await FetchTool(missing, scratch, status).RunAsync(cancellation);
        await watching.CancelAsync();
        await watch;
        if (!outcome.IsSuccess) throw _apt.Unreachable(outcome);
        cache.Folder("packages");
        foreach (var package in missing) await KeepAsync(package, Path.Combine(scratch.At("fetched"), AptName(package)), cancellation);
    }

    // "download" takes packages one by one, without what they depend on, and puts them into the current folder.
    private ExternalTool FetchTool(IReadOnlyList<LockedPackage> missing, ScratchFolder scratch, string status)
    {
        var tool = _apt.Tool("apt-get", ["-q", "download", .. missing.Select(p => $"{p.Name}:{p.Architecture}={p.Version}")], scratch.Root, [$"Dir::State::status={status}"]);
        return new(tool.Name, tool.Arguments) { Folder = scratch.Folder("fetched") };
    }

    private async Task KeepAsync(LockedPackage package, string fetched, CancellationToken cancellation)
    {
        if (!File.Exists(fetched)) throw new FeedUnavailableException($"The package feed no longer has {package.Name} {package.Version}; run again with --refresh to take what it has now.");
        await using (var file = new FileStream(fetched, FileMode.Open, FileAccess.ReadWrite))
        {
            if (Digest.FromHash(await SHA256.HashDataAsync(file, cancellation)) != package.Sha256)
                throw new FeedUnavailableException($"What the feed gave for {package.Name} {package.Version} is not what its index promises; try again, and if it stays so tell whoever runs the archive.");
            file.Flush(flushToDisk: true);
        }
        File.Move(fetched, FileOf(package), overwrite: true);
    }

    private static async Task WatchAsync(string folder, long total, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        if (progress is null) return;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
                progress.Report((new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Exists ? f.Length : 0), total));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the download ends the watch; the caller's own stop is seen by the download.
        }
    }

    private async Task<IReadOnlyList<RecipeMistake>> ExplainAsync(ToolOutcome outcome, IReadOnlyList<PackageRequest> requests, ScratchFolder scratch, string status, CancellationToken cancellation)
    {
        var missing = outcome.Complaints.Select(c => Unknown().Match(c)).Where(m => m.Success).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        if (missing.Count == 0)
            return [new(requests[0].At, $"the feed '{suite}' cannot install these packages together: {string.Join(' ', outcome.Complaints.Select(Quote.Short))}")];
        var names = await _apt.Tool("apt-cache", ["pkgnames"], scratch.Root, [$"Dir::State::status={status}"]).RunAsync(cancellation);
        return [.. requests.Where(r => missing.Contains(r.Name)).Select(r => new RecipeMistake(r.At, Sentence(r, NearestName.Few(r.Name, names.Lines))))];
    }

    private string Sentence(PackageRequest request, IReadOnlyList<string> near)
    {
        var name = request.Written == request.Name ? $"'{Quote.Short(request.Name)}'" : $"'{Quote.Short(request.Written)}', that is '{Quote.Short(request.Name)}',";
        return near.Count > 0
            ? $"package {name} is not in the feed '{suite}'; near to it are {string.Join(", ", near)}. Correct the recipe, or map the name under 'names' in the target file."
            : $"package {name} is not in the feed '{suite}', nor is anything like it; correct the recipe, or map the name under 'names' in the target file.";
    }

    // 'URI' file size SHA256:hex
    private static LockedPackage Package(string line)
    {
        var match = PrintedUri().Match(line);
        if (!match.Success) throw new ToolFailedException($"apt-get wrote a line that is not understood: {Quote.Short(line)}.");
        var uri = Uri.UnescapeDataString(match.Groups["uri"].Value);
        var pool = uri.IndexOf("/pool/", StringComparison.Ordinal);
        var parts = match.Groups["file"].Value.Split('_');
        return new(
            parts[0],
            Uri.UnescapeDataString(parts[1]),
            parts[2][..^4],
            Digest.Parse("sha256:" + match.Groups["sha"].Value),
            pool >= 0 ? uri[(pool + 1)..] : uri[(uri.LastIndexOf('/') + 1)..],
            long.Parse(match.Groups["size"].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string AptName(LockedPackage package) =>
        $"{package.Name}_{package.Version.Replace(":", "%3a", StringComparison.Ordinal)}_{package.Architecture}.deb";

    private string FileOf(LockedPackage package) => cache.At("packages", package.Sha256.Hex + ".deb");

    private static long TimeOf(string file)
    {
        using var stream = File.OpenRead(file);
        return DebPackage.Time(stream);
    }

    private Digest Key(IReadOnlyList<PackageRequest> requests, string status)
    {
        var text = new StringBuilder($"debian {suite} {architecture}\n{_apt.Identity()}\n");
        text.Append(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(status)))).Append('\n');
        foreach (var name in requests.Select(r => r.Name).Distinct().Order(StringComparer.Ordinal)) text.Append(name).Append('\n');
        return Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // Debian policy 5.6.7; a hyphen at the end would mean "remove" to apt.
    [GeneratedRegex("^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$")]
    private static partial Regex PackageName();

    [GeneratedRegex("(Unable to locate package |Package ')(?<name>[^ ']+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Unknown();

    [GeneratedRegex("^'(?<uri>[^']+)' (?<file>[^ _]+_[^ _]+_[^ _]+\\.deb) (?<size>[0-9]+) SHA256:(?<sha>[0-9a-f]{64})$", RegexOptions.ExplicitCapture)]
    private static partial Regex PrintedUri();
}
