using Strata.Model.Identity;

namespace Strata.Model.Catalogues;

/// <summary>Which service providers may see and use a layer, and to whom its OEM recommends it. By default: all, and nobody.</summary>
public sealed record LayerSharing
{
    /// <summary>Shared with everyone, recommended to nobody.</summary>
    public static LayerSharing Everyone { get; } = new();

    /// <summary>Whether service providers that are not named here may use it.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>Domains that may use it when it is not open, in ordinal order.</summary>
    public EquatableList<string> SharedWith { get; init; } = [];

    /// <summary>Domains that may not use it, whatever else is said, in ordinal order.</summary>
    public EquatableList<string> HiddenFrom { get; init; } = [];

    /// <summary>Whether it is recommended to all that may use it.</summary>
    public bool IsRecommended { get; init; }

    /// <summary>Domains that it is recommended to, in ordinal order.</summary>
    public EquatableList<string> RecommendedTo { get; init; } = [];

    /// <summary>Whether the service provider <paramref name="domain"/> may see and use it.</summary>
    public bool Includes(string domain) => !HiddenFrom.Contains(domain) && (IsOpen || SharedWith.Contains(domain));

    /// <summary>Whether it is recommended to <paramref name="domain"/>; what may not be used is not.</summary>
    public bool Recommends(string domain) => Includes(domain) && (IsRecommended || RecommendedTo.Contains(domain));

    /// <summary>The same, with <paramref name="access"/> said of one service provider. A recommendation ends where the layer is hidden.</summary>
    public LayerSharing With(string domain, ProviderAccess access) => this with
    {
        SharedWith = access == ProviderAccess.Shared ? Plus(SharedWith, domain) : Minus(SharedWith, domain),
        HiddenFrom = access == ProviderAccess.Hidden ? Plus(HiddenFrom, domain) : Minus(HiddenFrom, domain),
        RecommendedTo = access == ProviderAccess.Hidden ? Minus(RecommendedTo, domain) : RecommendedTo,
    };

    /// <summary>The same, with one service provider recommended the layer, or no longer by name.</summary>
    public LayerSharing With(string domain, bool isRecommended) => this with { RecommendedTo = isRecommended ? Plus(RecommendedTo, domain) : Minus(RecommendedTo, domain) };

    private static EquatableList<string> Plus(EquatableList<string> domains, string domain) =>
        domains.Append(domain).Distinct().Order(StringComparer.Ordinal).ToEquatableList();

    private static EquatableList<string> Minus(EquatableList<string> domains, string domain) => domains.Where(d => d != domain).ToEquatableList();
}
