using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>A service version that uses a layer version, and how.</summary>
/// <param name="LayerVersion">Of the layer that is used.</param>
/// <param name="Units">Units that shall have it with this layer, or last reported that they do, by system id.</param>
internal sealed record ServiceUse(ServiceRow Service, SemanticVersion Version, SemanticVersion LayerVersion, IReadOnlyList<UnitRow> Units)
{
    /// <summary>Whether an image of it with this layer was composed.</summary>
    public bool IsComposed { get; init; }

    /// <summary>Whether its needs lead to this layer version as the catalogue stands.</summary>
    public bool IsChosen { get; init; }

    /// <summary><c>app 1.0.0</c>.</summary>
    public override string ToString() => $"{Service.Codename} {Version}";
}

/// <summary>Everything that uses one layer version.</summary>
/// <param name="Services">By name and then version, newest first.</param>
/// <param name="Children">Layer versions that were built on it, the retired ones left out: nobody gets those any more.</param>
/// <param name="Units">Units that report the layer itself, not only services with it.</param>
/// <param name="IsWhole">Whether all needs were resolved; where that takes too long, services that would get the version may be missing.</param>
internal sealed record LayerUse(IReadOnlyList<ServiceUse> Services, IReadOnlyList<LayerRelease> Children, IReadOnlyList<UnitRow> Units, bool IsWhole);
