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
}
