using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;
using Strata.Cli.Tokens;
using Strata.Model.Identity;

namespace Strata.Cli.Hub;

/// <summary>Finds certificates where the vendor's signer looks for them.</summary>
/// <remarks>An absolute path; else the folder at hand; else <c>~/.aos/security</c>. Source: facts on AosEdge, c.3.</remarks>
/// <param name="folder">Folder of config.yaml, or the current one.</param>
/// <param name="home">The user's home.</param>
internal sealed class CredentialFiles(string folder, string home)
{
    private readonly string _security = Path.Combine(home, ".aos", "security");

    /// <summary>The key named <paramref name="name"/>: a p12 file, or a token's by its URI.</summary>
    /// <param name="what">Who names it, for messages: <c>publish.tlsKey</c>.</param>
    /// <param name="certificate">PEM file of a token key's certificate; null when the token keeps it.</param>
    public UserKey Named(string name, string what, string? certificate) =>
        Pkcs11Uri.IsMeantBy(name) ? new UserKey.InToken(InToken(name, what), certificate, folder) : new UserKey.InFile(Find(name, what));

    /// <summary>The key in a token that <paramref name="uri"/> names.</summary>
    /// <param name="what">Who names it, for messages: <c>--key</c>.</param>
    /// <exception cref="CommandFailure">It is no URI of a key, or holds a PIN.</exception>
    public static Pkcs11Uri InToken(string uri, string what)
    {
        var (read, problem) = Pkcs11Uri.Read(uri);
        if (read is { HoldsPin: true })
            problem = $"The URI holds the token's PIN, where others can read it. Write ?pin-source=file:/PATH, or set {TokenPin.Variable}; and change the PIN if anybody may have seen it.";
        return problem is null ? read! : throw new CommandFailure(ExitCode.Usage, $"{what}: {problem}");
    }

    private string Find(string name, string what)
    {
        var places = Path.IsPathFullyQualified(name) ? [name] : new[] { Path.Combine(folder, name), Path.Combine(_security, name) };
        return places.FirstOrDefault(File.Exists)
            ?? throw new CommandFailure(ExitCode.Refused, $"{what} names '{Quote.Short(name)}', which is not there: looked for {string.Join(" and ", places)}. Make one with: strata pki init");
    }

    /// <summary>The user's own p12 when none is named: the only one of the usual names that is there.</summary>
    public string FindUsual()
    {
        foreach (var place in new[] { folder, _security })
        {
            var found = new[] { PkiFiles.OemUser, PkiFiles.ServiceProviderUser }.Select(n => Path.Combine(place, n)).Where(File.Exists).ToList();
            if (found.Count == 1) return found[0];
            if (found.Count > 1) throw new CommandFailure(ExitCode.Usage, $"Both {string.Join(" and ", found)} are there; say which with --key.");
        }
        throw new CommandFailure(ExitCode.Usage, $"There is no certificate to connect with: name one with --key, or put {PkiFiles.OemUser} or {PkiFiles.ServiceProviderUser} into {_security}.");
    }

    /// <summary>Reads a p12 file that has an empty password.</summary>
    public static Credentials Load(string file)
    {
        try
        {
            return Credentials.FromPkcs12(File.ReadAllBytes(file));
        }
        catch (CryptographicException problem)
        {
            throw new CommandFailure(ExitCode.Refused, $"{file} cannot be used: {problem.Message} It must be PKCS #12 with an empty password and a private key.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{file} may not be read by this user.");
        }
    }

    /// <summary>The roots for the hub's certificate: those of <paramref name="named"/>; else in <paramref name="keyFolder"/>; else the user's; null for the system's.</summary>
    public X509Certificate2Collection? Roots(string? named, string keyFolder)
    {
        var file = named ?? new[] { Path.Combine(keyFolder, PkiFiles.FleetRoot), Path.Combine(_security, "strata-ca.crt") }.FirstOrDefault(File.Exists);
        if (file is null) return null;
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots.Count > 0 ? roots : throw new CryptographicException("It holds no certificate.");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The roots in {file} cannot be read: {problem.Message}");
        }
    }
}
