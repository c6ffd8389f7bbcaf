using System.Security.Cryptography;
using System.Text;
using Strata.Build.Caching;
using Strata.Build.Feeds;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>Makes a target out of a fresh minimal Debian.</summary>
/// <param name="suite">For example <c>bookworm</c>.</param>
/// <param name="architecture">Debian's name, <c>amd64</c>.</param>
public sealed class DebianBootstrap(BuildCache cache, string suite, string architecture)
{
    // What is made changes with this number; old bases in caches are then left alone.
    private const int Recipe = 1;

    /// <summary>Writes <c>target.yaml</c> and <c>rootfs/</c> into <paramref name="folder"/>; the base is bootstrapped once and kept in the cache.</summary>
    /// <param name="onLine">What the bootstrap tool says of its progress.</param>
    /// <returns>Whether the base came from the cache.</returns>
    /// <exception cref="InvalidDataException">The folder holds something already.</exception>
    /// <exception cref="FeedUnavailableException">The archive was not reached.</exception>
    public async Task<bool> RunAsync(string folder, Action<string>? onLine, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(folder, "target.yaml")) || Directory.Exists(Path.Combine(folder, "rootfs")))
            throw new InvalidDataException($"{folder} holds a target already; name another folder, or remove it first.");
        using var scratch = cache.NewScratch();
        var sources = scratch.Folder("sources");
        if (AptSources.CopyOf(suite, sources) == 0)
            throw new FeedUnavailableException($"No source of suite '{suite}' is set up in /etc/apt; add one there, or name another suite with --suite.");
        var tar = cache.At("bases", Key(sources).Hex + ".tar");
        var kept = File.Exists(tar);
        if (!kept) await BootstrapAsync(tar, sources, scratch, onLine, cancellation);
        await UnpackAsync(tar, folder, cancellation);
        return kept;
    }

    private string OciArchitecture => architecture switch
    {
        "armhf" => "arm",
        "i386" => "386",
        _ => architecture,
    };

    private async Task BootstrapAsync(string tar, string sources, ScratchFolder scratch, Action<string>? onLine, CancellationToken cancellation)
    {
        var made = scratch.At("base.tar");
        var work = scratch.Folder("work");
        string[] bootstrap =
        [
            "mmdebstrap", "--variant=minbase", "--mode=root", $"--architectures={architecture}", "--format=tar",
            "--aptopt=Acquire::Retries \"1\"",
            "--skip=check/qemu", // it asks the machine's own binfmt_misc, and the emulator is known in a namespace alone
            suite, made, .. Directory.EnumerateFiles(sources).Order(StringComparer.Ordinal),
        ];
        var command = Emulation.For(OciArchitecture)?.Around(bootstrap) ?? bootstrap;
        var tool = new ExternalTool(command[0], [.. command.Skip(1)])
        {
            Environment = new Dictionary<string, string>(ExternalTool.Quiet) { ["TMPDIR"] = work, ["SOURCE_DATE_EPOCH"] = "0" },
            OnErrorLine = onLine,
        };
        var outcome = await tool.RunAsync(cancellation);
        if (!outcome.IsSuccess && outcome.Error.Contains("Failed to fetch", StringComparison.OrdinalIgnoreCase))
            throw new FeedUnavailableException($"The package feed '{suite}' was not reached; check the network and the sources in /etc/apt, then try again.");
        outcome.OrFail("Bootstrapping Debian");
        cache.Folder("bases");
        await using (var file = new FileStream(made, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
        File.Move(made, tar, overwrite: true);
    }

    private async Task UnpackAsync(string tar, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var partial = Path.Combine(folder, $".rootfs.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(partial);
            (await new ExternalTool("tar", ["--numeric-owner", "--xattrs", "--xattrs-include=*", "-xpf", tar, "-C", partial]).RunAsync(cancellation)).OrFail("Unpacking the base");
            Directory.Move(partial, Path.Combine(folder, "rootfs"));
        }
        finally
        {
            ScratchFolder.Delete(partial);
        }
        var document = Document(Path.Combine(folder, "rootfs"), cancellation);
        await BuildCache.WriteAsync(Path.Combine(folder, "target.yaml"), file => file.WriteAsync(Encoding.UTF8.GetBytes(document), cancellation).AsTask());
    }

    private Digest Key(string sources)
    {
        var text = new StringBuilder($"{Recipe} minbase {suite} {architecture}\n");
        foreach (var file in Directory.EnumerateFiles(sources).Order(StringComparer.Ordinal)) text.Append(File.ReadAllText(file));
        return Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private string Document(string root, CancellationToken cancellation) =>
        new TargetText($"debian-{suite}-{architecture}", "rootfs", OciArchitecture) { Suite = suite }
            .Of(BaseFacts.Of(root, Target.DefaultVisible, cancellation));
}
