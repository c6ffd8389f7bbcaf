namespace Strata.Artifacts.Inspection;

/// <summary>What is known of where a layer will lie. What is not known is not checked, and said so.</summary>
public sealed record CheckContext
{
    /// <summary>OCI's name of the architecture that the layer is for; null when nobody says.</summary>
    public string? Architecture { get; init; }

    /// <summary>Names under which the loader finds shared objects in the parents and in what services see of the base; null when that is not known.</summary>
    /// <remarks>See <see cref="LayerInspection.Providers"/>.</remarks>
    public IReadOnlySet<string>? Providers { get; init; }
}
