using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Yaml;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Bundles;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Bundles;

/// <summary>A bundle that was made.</summary>
/// <param name="File">Its path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Key">What publish.tlsKey names: what it is uploaded with.</param>
internal sealed record SignedBundle(string File, long Size, BundleConfig Config, UserKey Key);

/// <summary>A bundle that can be made.</summary>
internal sealed record PreparedBundle(byte[] Content, BundleConfig Config, BundleFiles Files, UserKey Key, Credentials Signer) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Signer.Dispose();
}

/// <summary>Makes <c>batch.tar.gz</c> beside a config.yaml, whole or not at all.</summary>
/// <param name="access">Names another p12 than the configuration's, if the user gave one.</param>
internal sealed class BundleSigning(HubAccess access, Terminal terminal)
{
    /// <summary>Reads, checks, packs and signs.</summary>
    /// <exception cref="CommandFailure">The configuration, a file that it names, or the certificate does not do; nothing was left.</exception>
    public async Task<SignedBundle> SignAsync(string configFile, CancellationToken cancellation)
    {
        var output = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configFile))!, BundleFormat.Archive);
        using var prepared = await PrepareAsync(configFile, cancellation);
        await WriteAsync(prepared.Content, prepared.Files, prepared.Signer.Certificate, output, cancellation);
        return new(output, new FileInfo(output).Length, prepared.Config, prepared.Key);
    }

    /// <summary>Everything that signing does before it writes: reads, checks, looks for keys.</summary>
    public async Task<PreparedBundle> PrepareAsync(string configFile, CancellationToken cancellation)
    {
        var draft = await BundleDraft.ReadAsync(configFile, cancellation);
        foreach (var note in draft.Files.Notes) terminal.Note(note.ToString());
        if (!draft.Mistakes.IsEmpty) throw Refused(configFile, [.. draft.Mistakes.All.Select(m => m.ToString())]);
        var config = draft.Outline!.Config;
        var folder = Path.GetDirectoryName(Path.GetFullPath(configFile))!;
        var key = Key(configFile, folder, config);
        var signKey = config.SignKey is null ? key : new CredentialFiles(folder, access.Home).Named(config.SignKey, "publish.signKey", certificate: null);
        var signer = signKey.Load();
        try
        {
            CheckSigner(signer.Certificate, signKey);
            CheckRole(config, signer.Certificate, signKey);
        }
        catch
        {
            signer.Dispose();
            throw;
        }
        return new(draft.Content, config, draft.Files, key, signer);
    }

    /// <summary>Does all but writing, and says what would be written and where it would go.</summary>
    /// <param name="hub">Where it would be sent; null for signing alone.</param>
    public async Task<ExitCode> RehearseAsync(string configFile, Uri? hub, CancellationToken cancellation)
    {
        using var prepared = await PrepareAsync(configFile, cancellation);
        var output = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configFile))!, BundleFormat.Archive);
        var size = prepared.Content.Length + prepared.Files.Contents.Sum(c => c.Entry.Size);
        UploadedItem[] items = [.. prepared.Config.Items.Select(i => new UploadedItem(BundleNames.Of(i.Type), i.Codename, i.Version.ToString()))];
        terminal.Result(new(output, size, items) { IsRehearsal = true, Hub = hub?.ToString(), Signer = prepared.Signer.Certificate.Subject }, BundleJson.Default.BundleSigned, text =>
        {
            text.WriteLine($"{output} would be written from {prepared.Files.Contents.Count} files ({size / 1e6:0.0} MB), signed by {prepared.Signer.Certificate.Subject}{(hub is null ? "" : $", and sent to {hub}")}");
            foreach (var item in items) text.WriteLine($"  {item.Type} {item.Codename} {item.Version}");
        });
        return ExitCode.Ok;
    }

    /// <summary>The configuration alone, for an upload of a bundle made before; null when there is no file.</summary>
    public static (byte[] Content, BundleConfig Config) Read(string configFile)
    {
        var content = BundleDraft.Bytes(configFile);
        return BundleConfigReader.Read(content, Path.GetFileName(configFile)) switch
        {
            Reading<BundleConfig>.Good good => (content, good.Value),
            Reading<BundleConfig>.Bad bad => throw Refused(configFile, [.. bad.Mistakes.Select(m => m.ToString())]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What connects: the option's, or publish.tlsKey.</summary>
    private UserKey Key(string configFile, string folder, BundleConfig config) => access.Key is null && config.TlsKey is null
        ? throw new CommandFailure(ExitCode.Refused, $"{configFile} has no publish.tlsKey, the key to sign and upload with. Add it, or give --key.")
        : access.UserKey(folder, config.TlsKey, "publish.tlsKey");

    private static CommandFailure Refused(string configFile, IReadOnlyList<string> mistakes) =>
        new(ExitCode.Refused, $"{configFile} cannot be made a bundle, for {(mistakes.Count == 1 ? "one reason" : $"{mistakes.Count} reasons")}:\n  {string.Join("\n  ", mistakes)}");

    private static void CheckSigner(X509Certificate2 certificate, UserKey key)
    {
        var now = DateTime.UtcNow;
        if (now > certificate.NotAfter.ToUniversalTime())
            throw new CommandFailure(ExitCode.Refused, $"The certificate of {key} expired {certificate.NotAfter.ToUniversalTime():u}. Have a new one issued.");
        if (now < certificate.NotBefore.ToUniversalTime())
            throw new CommandFailure(ExitCode.Refused, $"The certificate of {key} is valid only from {certificate.NotBefore.ToUniversalTime():u}. Check this machine's clock.");
        if (certificate.GetRSAPublicKey() is null)
            throw new CommandFailure(ExitCode.Refused, $"The certificate of {key} has no RSA key; it can connect and cannot sign. Have one issued with an RSA key of at least 2048 bits.");
    }

    /// <summary>The hub would say it after the upload. A certificate that names no role is left to the hub.</summary>
    private static void CheckRole(BundleConfig config, X509Certificate2 certificate, UserKey key)
    {
        if (ClientIdentity.Of(certificate).Identity is not { Role: ClientRole.Oem or ClientRole.ServiceProvider } who) return;
        var wrong = config.Items.Where(i => i.Type == (who.Role == ClientRole.Oem ? ItemType.Service : ItemType.Layer)).ToList();
        if (wrong.Count == 0) return;
        var (what, needed) = wrong[0].Type == ItemType.Layer ? ("Layers are published by an OEM", ClientRole.Oem) : ("Services are published by a service provider", ClientRole.ServiceProvider);
        throw new CommandFailure(ExitCode.Refused,
            $"{what}, and the certificate of {key} is of the role '{who.RoleName}': {string.Join(", ", wrong.Select(i => i.Codename).Take(5))} cannot be signed with it. Use a certificate of the role '{ClientIdentity.NameOf(needed)}'.");
    }

    private async Task WriteAsync(byte[] config, BundleFiles files, X509Certificate2 signer, string output, CancellationToken cancellation)
    {
        var (partial, scratch) = ($"{output}.part", $"{output}.inner.part");
        using var step = terminal.Begin("Packing and signing");
        var total = files.Contents.Sum(c => c.Entry.Size);
        try
        {
            await using (var inner = Create(scratch))
            await using (var file = Create(partial))
            {
                File.Delete(scratch); // open and without a name: no crash can leave it
                await new BundleWriter(signer).WriteAsync(config, files.Contents, inner, file, new Shown(step, total), cancellation);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, output, overwrite: true);
        }
        catch (CryptographicException problem)
        {
            throw new CommandFailure(ExitCode.Refused, problem.Message);
        }
        catch (ContentMismatchException changed)
        {
            throw new CommandFailure(ExitCode.Failed, $"{changed.Message} Sign again when nothing writes there.");
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            throw new CommandFailure(ExitCode.NoSpace, $"There is no space for {output}: it needs about {2 * total} bytes while it is made. Free some and sign again.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, unreadable.Message);
        }
        finally
        {
            File.Delete(partial); // no error when the move took it
            File.Delete(scratch);
        }
    }

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 128 * 1024, FileOptions.Asynchronous);
}

/// <summary>Shows bytes as they pass; at once, where the framework's own would post each report to the pool.</summary>
internal sealed class Shown(Progress step, long total) : IProgress<long>
{
    public void Report(long value) => step.Report(value, total);
}
