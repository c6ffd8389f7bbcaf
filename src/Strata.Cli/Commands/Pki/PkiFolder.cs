using System.Security.Cryptography;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Pki;

/// <summary>The folder that holds an installation's certificates and keys.</summary>
/// <param name="path">Where it is.</param>
/// <param name="clock">Certificates begin at its time.</param>
internal sealed class PkiFolder(string path, TimeProvider clock)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Where it is, absolute.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>Makes the folder with everything in it, or leaves nothing behind.</summary>
    /// <returns>The names of its files.</returns>
    /// <exception cref="CommandFailure">Something is there already, or a name is no domain.</exception>
    public IReadOnlyList<string> Create(PkiNames names, CancellationToken cancellation)
    {
        foreach (var domain in new[] { names.Domain, names.Oem, names.ServiceProvider })
            if (!ClientIdentity.IsDomain(domain))
                throw new CommandFailure(ExitCode.Usage, $"'{domain}' is no domain; use lower-case letters, digits, '-' and dots, as in demo-oem.localhost.");
        if (File.Exists(FullPath) || (Directory.Exists(FullPath) && Directory.EnumerateFileSystemEntries(FullPath).Any()))
            throw new CommandFailure(ExitCode.Refused, $"{FullPath} is there already, and keys are never overwritten. Name another folder, or move this one away.");

        var partial = FullPath + ".part";
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true); // a run that was killed left it
        Directory.CreateDirectory(partial);
        try
        {
            var files = PkiFiles.Create(names, clock.GetUtcNow());
            foreach (var file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                Write(Path.Combine(partial, file.Name), file.Content, file.IsSecret);
            }
            if (Directory.Exists(FullPath)) Directory.Delete(FullPath); // empty: seen above
            Directory.Move(partial, FullPath);
            return [.. files.Select(f => f.Name)];
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>Makes <c>units/SYSTEMID.p12</c>.</summary>
    /// <returns>The path of the file.</returns>
    public string AddUnit(string systemId)
    {
        CheckName(systemId, "A system id");
        using var fleet = Authority("fleet-root");
        return Add(Path.Combine("units", $"{systemId}.p12"), PkiFiles.Unit(fleet, systemId, clock.GetUtcNow()));
    }

    /// <summary>Makes <c>NAME.p12</c> for another user.</summary>
    /// <returns>The path of the file.</returns>
    public string AddUser(ClientIdentity identity)
    {
        CheckName(identity.User, "A user's name");
        if (!ClientIdentity.IsDomain(identity.Owner)) throw new CommandFailure(ExitCode.Usage, $"'{identity.Owner}' is no domain.");
        using var users = Authority("users-root");
        return Add($"{identity.User}.p12", PkiFiles.User(users, identity, PkiFiles.OrganisationOf(users.Certificate), clock.GetUtcNow()));
    }

    private static void CheckName(string name, string what)
    {
        if (!PkiFiles.IsName(name))
            throw new CommandFailure(ExitCode.Usage, $"'{name}' does not do. {what} has 1 to 64 letters, digits, '.', '_' or '-', and no dot first.");
    }

    private string Add(string name, byte[] content)
    {
        var file = Path.Combine(FullPath, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (File.Exists(file)) throw new CommandFailure(ExitCode.Refused, $"{file} is there already, and keys are never overwritten. Move it away first.");
        Write(file + ".part", content, isSecret: true);
        File.Move(file + ".part", file);
        return file;
    }

    private CertificateAuthority Authority(string name)
    {
        try
        {
            return CertificateAuthority.FromPem(
                File.ReadAllText(Path.Combine(FullPath, $"{name}.crt")),
                File.ReadAllText(Path.Combine(FullPath, $"{name}.key")));
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{FullPath} holds no {name}.crt and {name}.key. Make the folder with: strata pki init {path}");
        }
        catch (CryptographicException problem)
        {
            throw new CommandFailure(ExitCode.Refused, $"{name}.crt and {name}.key in {FullPath} cannot be used: {problem.Message}");
        }
    }

    private static void Write(string file, byte[] content, bool isSecret)
    {
        File.Delete(file);
        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = isSecret ? OwnerOnly : Everyone,
        });
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }
}
