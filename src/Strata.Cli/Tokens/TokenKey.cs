using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Tokens;

/// <summary>A user's key in a token, with its certificate.</summary>
internal static class TokenKey
{
    private const string Rsa = "1.2.840.113549.1.1.1";

    /// <summary>Opens the key and joins it to its certificate.</summary>
    /// <param name="certificateFile">PEM, the user's certificate first, then its chain; null to take the one that the token keeps under the key's name.</param>
    /// <exception cref="CommandFailure">Engine, module, token, key, PIN or certificate does not do.</exception>
    public static Credentials Load(Pkcs11Uri uri, string? certificateFile)
    {
        using var key = Open(uri);
        var all = certificateFile is not null ? FromFile(certificateFile) : FromToken(uri);
        using var bare = all[0];
        return new(Join(bare, key, uri, certificateFile), [.. all.Skip(1)]);
    }

    /// <summary>Opens the key alone, as RSA; to sign a certificate request.</summary>
    public static RSAOpenSsl LoadRsa(Pkcs11Uri uri)
    {
        using var key = Open(uri);
        try
        {
            return new(key);
        }
        catch (CryptographicException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The key {uri} is no RSA key, and only RSA keys can sign bundles. Make one of at least 2048 bits in the token.");
        }
    }

    private static SafeEvpPKeyHandle Open(Pkcs11Uri uri)
    {
        var pin = TokenPin.Given(uri);
        try
        {
            return TokenEngine.Key(uri, pin);
        }
        catch (TokenRefusedException refused) when (pin is not null)
        {
            throw Explain(uri, refused);
        }
        catch (TokenRefusedException)
        {
            // A token shows its private keys to nobody before the PIN: that nothing was found says nothing yet.
        }
        pin = TokenPin.Ask(uri) ?? throw new CommandFailure(ExitCode.Refused,
            $"Without its PIN no token shows the key {uri}. Put the PIN into a file and add ?pin-source=file:/PATH to the URI, or set {TokenPin.Variable}, or run this on a terminal, which asks. Is the token there? See: p11-kit list-modules");
        try
        {
            return TokenEngine.Key(uri, pin);
        }
        catch (TokenRefusedException refused)
        {
            throw Explain(uri, refused);
        }
    }

    private static CommandFailure Explain(Pkcs11Uri uri, TokenRefusedException refused) =>
        refused.Message.Contains("PIN", StringComparison.Ordinal)
            ? new(ExitCode.Refused, $"The token of {uri} refused the PIN: {refused.Message}. Correct it before you try again: a token locks itself after a few wrong ones.")
            : TokenEngine.HasAnyKey(uri)
            ? new(ExitCode.Refused, $"The token is there, and has no private key {uri}. Correct object or id; pkcs11-tool --list-objects --login shows what it has.")
            : new(ExitCode.Refused, $"There is no token for {uri}, or it is empty ({refused.Message}). Is it plugged in, and is its module known? See: p11-kit list-modules");

    private static X509Certificate2Collection FromFile(string file)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(file);
            return all.Count > 0 ? all : throw new CryptographicException("It holds no certificate.");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The certificate in {file} cannot be read: {problem.Message} It must be PEM, the user's own certificate first.");
        }
    }

    private static X509Certificate2Collection FromToken(Pkcs11Uri uri) => TokenEngine.Certificate(uri) is { } der
        ? [X509CertificateLoader.LoadCertificate(der)]
        : throw new CommandFailure(ExitCode.Refused, $"The token keeps no certificate under the name of the key {uri}. Name its PEM file with --cert, or write it into the token: pkcs11-tool --write-object user.der --type cert --id ID --label LABEL");

    private static X509Certificate2 Join(X509Certificate2 certificate, SafeEvpPKeyHandle key, Pkcs11Uri uri, string? file)
    {
        try
        {
            if (certificate.GetKeyAlgorithm() == Rsa)
            {
                using var rsa = new RSAOpenSsl(key);
                return certificate.CopyWithPrivateKey(rsa);
            }
            using var curve = new ECDsaOpenSsl(key);
            return certificate.CopyWithPrivateKey(curve);
        }
        catch (Exception other) when (other is ArgumentException or CryptographicException or InvalidOperationException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The certificate '{Quote.Short(certificate.Subject)}' in {file ?? "the token"} is not the one of the key {uri}. Name the one that was issued for it.");
        }
    }
}
