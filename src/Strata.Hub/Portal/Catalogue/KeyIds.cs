using Strata.Artifacts.Signing;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>Key ids as people read them.</summary>
internal static class KeyIds
{
    /// <summary>Issuer and serial number of a kid; a dash for none.</summary>
    public static string Text(string? kid) => kid is null ? "-" : Kid.TextOf(kid);
}
