namespace Strata.Artifacts.Sbom;

/// <summary>A licence that SPDX has no identifier for.</summary>
/// <param name="Id"><c>LicenseRef-</c> and letters, digits, dots and dashes.</param>
/// <param name="Stated">As the package states it.</param>
public sealed record LicenseReference(string Id, string Stated)
{
    /// <summary>What every such identifier begins with.</summary>
    public const string Prefix = "LicenseRef-";

    internal static bool IsId(string text) => text.Length > Prefix.Length && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
