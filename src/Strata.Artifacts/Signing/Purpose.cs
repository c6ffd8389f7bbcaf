namespace Strata.Artifacts.Signing;

/// <summary>What a certificate may be used for: object ids of extended key usages.</summary>
/// <remarks>Source: RFC 5280, section 4.2.1.12.</remarks>
public static class Purpose
{
    /// <summary>A TLS server.</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";

    /// <summary>A TLS client: a user or a unit. Users also sign their bundles with it.</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";

    /// <summary>Signing what units are told: the release purpose of decision 10.</summary>
    public const string Release = "1.3.6.1.5.5.7.3.3";
}
