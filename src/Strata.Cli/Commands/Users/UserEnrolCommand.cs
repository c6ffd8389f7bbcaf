using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Signing;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Cli.Tokens;

namespace Strata.Cli.Commands.Users;

/// <summary>Result of <c>user enrol</c>.</summary>
internal sealed record Enrolled(string File, string Name, string Role, string Owner, DateTime NotAfter, string? Note);

/// <summary><c>strata user enrol</c>: makes a key, has it certified, and puts both where the tools look for them.</summary>
internal static class UserEnrolCommand
{
    private const int Bits = 3072;

    public static Command Create()
    {
        var hub = new Option<string>("--hub") { Description = "The hub's address, https://HOST:PORT/.", Required = true };
        var token = new Option<string?>("--token") { Description = "The invitation's token; else it is read from standard input, where no list of processes shows it." };
        var ca = new Option<string?>("--ca") { Description = "Root of the hub's certificate; else ~/.aos/security/strata-ca.crt, else the system's." };
        var output = new Option<string?>("--out") { Description = "The file to write; else aos-user-ROLE.p12 in ~/.aos/security." };
        var own = new Option<string?>("--key") { Description = "A key in a token to be certified, pkcs11:token=NAME;object=LABEL; else a new one is made. The certificate alone is then written, as PEM." };
        return new Command("enrol", "Become a user: make a key, have it certified by an invitation's token, and keep both.") { hub, token, ca, own, output }
            .Runs("strata user enrol --hub https://localhost:10000/ --ca fleet-root.crt", async (parsed, terminal, cancellation) =>
            {
                var security = Path.Combine(UserFolders.Home, ".aos", "security");
                var given = parsed.GetValue(token) ?? (await Console.In.ReadLineAsync(cancellation))?.Trim();
                if (string.IsNullOrEmpty(given)) throw new CommandFailure(ExitCode.Usage, "There is no token: give the invitation's with --token, or on standard input.");
                if (parsed.GetValue(output) is { } named && File.Exists(named)) throw Present(named);

                var held = parsed.GetValue(own) is { } text ? Held(text) : null;
                using var key = held is null ? RSA.Create(Bits) : TokenKey.LoadRsa(held);
                var csr = new CertificateRequest("CN=user", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
                using var client = new HubClient(HubClient.Address(parsed.GetRequiredValue(hub)), null, new CredentialFiles(".", UserFolders.Home).Roots(parsed.GetValue(ca), security));
                var issued = await client.EnrolAsync(given, csr, cancellation);
                var result = Keep(issued, key, held, parsed.GetValue(output), security);
                terminal.Result(result, UserJson.Default.Enrolled, text =>
                {
                    text.WriteLine($"You are {result.Name}, {result.Role} of {result.Owner}, until {result.NotAfter:u}.");
                    text.WriteLine(result.File);
                    if (result.Note is { } note) text.WriteLine(note);
                });
                return ExitCode.Ok;
            });
    }

    private static Pkcs11Uri Held(string text)
    {
        if (!Pkcs11Uri.IsMeantBy(text)) throw new CommandFailure(ExitCode.Usage, "--key is for a key in a token, pkcs11:token=NAME;object=LABEL. Leave it out, and a key is made.");
        return CredentialFiles.InToken(text, "--key");
    }

    /// <summary>Writes the certificates with the key. What is there already is never overwritten: the token is used up, so another name is taken.</summary>
    /// <param name="held">The key when it is in a token; then the certificates alone are written.</param>
    private static Enrolled Keep(IssuedCertificate issued, RSA key, Pkcs11Uri? held, string? output, string security)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(issued.Certificate);
        if (chain.Count == 0) throw new CommandFailure(ExitCode.Failed, "The hub answered without a certificate. Are hub and strata of one release?");
        using var own = chain[0].CopyWithPrivateKey(key); // throws when it is for another key
        var (identity, problem) = ClientIdentity.Of(own);
        if (identity is null) throw new CommandFailure(ExitCode.Failed, problem!);
        var kind = held is null ? "p12" : "crt";
        var file = Path.GetFullPath(output ?? Path.Combine(security, $"aos-user-{identity.RoleName}.{kind}"));
        if (output is null && File.Exists(file)) file = Path.Combine(security, $"aos-user-{identity.RoleName}-{own.SerialNumber[..8]}.{kind}");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        X509Certificate2Collection bag = [own, .. chain.Skip(1)];
        using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write(held is null ? bag.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "") : Encoding.ASCII.GetBytes(bag.ExportCertificatePems()));
            stream.Flush(flushToDisk: true);
        }
        var use = held is null ? issued.Note : $"Use it with: --key '{held.Reusable}' --cert {file}";
        return new(file, identity.User, identity.RoleName, identity.Owner, own.NotAfter.ToUniversalTime(), use);
    }

    private static CommandFailure Present(string file) => new(ExitCode.Refused, $"{file} is there already, and keys are never overwritten. Name another with --out; the token is not used yet.");
}
