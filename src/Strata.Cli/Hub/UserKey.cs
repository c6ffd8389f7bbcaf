using Strata.Artifacts.Signing;
using Strata.Cli.Tokens;

namespace Strata.Cli.Hub;

/// <summary>Where a user's certificate and key are.</summary>
internal abstract record UserKey
{
    private UserKey() { }

    /// <summary>The folder where the root of the hub's certificate may lie beside it.</summary>
    public abstract string Folder { get; }

    /// <summary>Reads or opens it.</summary>
    public abstract Credentials Load();

    /// <summary>A p12 file with an empty password.</summary>
    public sealed record InFile(string Path) : UserKey
    {
        /// <inheritdoc/>
        public override string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

        /// <inheritdoc/>
        public override Credentials Load() => CredentialFiles.Load(Path);

        /// <inheritdoc/>
        public override string ToString() => Path;
    }

    /// <summary>A key in a token.</summary>
    /// <param name="Certificate">PEM file; null when the token keeps the certificate.</param>
    /// <param name="Near">The folder of what names the key.</param>
    public sealed record InToken(Pkcs11Uri Uri, string? Certificate, string Near) : UserKey
    {
        /// <inheritdoc/>
        public override string Folder => Certificate is null ? Near : Path.GetDirectoryName(Path.GetFullPath(Certificate))!;

        /// <inheritdoc/>
        public override Credentials Load() => TokenKey.Load(Uri, Certificate);

        /// <inheritdoc/>
        public override string ToString() => Uri.Text;
    }
}
