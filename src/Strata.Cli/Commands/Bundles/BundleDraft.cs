using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Cli.Shell;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Bundles;

/// <summary>A config.yaml with the files that it names, and all that is wrong with either.</summary>
/// <param name="Content">The configuration's bytes.</param>
/// <param name="Outline">Null when nothing of it could be read; then there are mistakes.</param>
internal sealed record BundleDraft(byte[] Content, BundleOutline? Outline, BundleFiles Files, MistakeList Mistakes)
{
    /// <summary>Reads <paramref name="configFile"/> and looks at every file that it names.</summary>
    /// <exception cref="CommandFailure">The configuration is not there, or a disk failed.</exception>
    public static Task<BundleDraft> ReadAsync(string configFile, CancellationToken cancellation) => ReadAsync(configFile, Bytes(configFile), cancellation);

    /// <summary>As if <paramref name="content"/> stood in <paramref name="configFile"/>.</summary>
    public static async Task<BundleDraft> ReadAsync(string configFile, byte[] content, CancellationToken cancellation)
    {
        var mistakes = new MistakeList(Path.GetFileName(configFile));
        var outline = BundleConfigReader.Outline(content, mistakes);
        var files = new BundleFiles(Path.GetDirectoryName(Path.GetFullPath(configFile))!, mistakes);
        try
        {
            if (outline is not null) await files.CollectAsync(outline.Images, cancellation);
        }
        catch (Exception unreadable) when (unreadable is PosixException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, unreadable.Message);
        }
        return new(content, outline, files, mistakes);
    }

    /// <summary>The configuration's bytes.</summary>
    public static byte[] Bytes(string configFile)
    {
        if (!File.Exists(configFile))
            throw new CommandFailure(ExitCode.Refused, $"{Path.GetFullPath(configFile)} is not there. Write one with: strata bundle init, or name another with --config.");
        var file = new FileInfo(configFile);
        if (file.Length > BundleFormat.MaxConfigBytes) throw new CommandFailure(ExitCode.Refused, $"{configFile} has {file.Length} bytes; that is no configuration.");
        return File.ReadAllBytes(configFile);
    }
}
