using System.Diagnostics;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Model.Resolving;

/// <summary>A layer version chosen for a stack, with the archive for the platform in question.</summary>
public sealed record ChosenLayer(LayerRelease Release, LayerImage Image)
{
    /// <summary><c>pylibs 1.1.0</c>.</summary>
    public override string ToString() => Release.ToString();
}

/// <summary>The layers of one service, and how they came to be chosen.</summary>
/// <param name="Service">The service's codename.</param>
/// <param name="Layers">Topmost first, without the service's own layer and without the base (decision 5).</param>
/// <param name="Reasons">One sentence for each need: what was chosen, out of what, and why newer ones were not.</param>
public sealed record LayerStack(string Service, EquatableList<ChosenLayer> Layers, EquatableList<string> Reasons);

/// <summary>Why a service's needs cannot be met: all that stands in the way, so that one run tells the whole story.</summary>
/// <param name="Service">The service's codename.</param>
/// <param name="Reasons">A sentence for each obstacle, with its cure.</param>
public sealed record UnmetService(string Service, EquatableList<string> Reasons);

/// <summary>What resolving came to. There are two cases and no third.</summary>
public abstract record Resolution
{
    private Resolution() { }

    /// <summary>Every need of every service is met.</summary>
    /// <param name="CatalogueSequence">The snapshot it was made from.</param>
    /// <param name="Stacks">One for each service, in the order they were asked.</param>
    public sealed record Resolved(long CatalogueSequence, EquatableList<LayerStack> Stacks) : Resolution;

    /// <summary>At least one service cannot be served; every such service is listed, and the stacks that were found stand beside.</summary>
    public sealed record Unmet(long CatalogueSequence, EquatableList<UnmetService> Services, EquatableList<LayerStack> Stacks) : Resolution;

    /// <summary>One branch for each case.</summary>
    public T Match<T>(Func<Resolved, T> resolved, Func<Unmet, T> unmet) => this switch
    {
        Resolved r => resolved(r),
        Unmet u => unmet(u),
        _ => throw new UnreachableException(),
    };
}

/// <summary>What a resolution is made for: whose layers a bare name means, on what, over which base.</summary>
/// <param name="Oem">Domain of the OEM of the unit.</param>
/// <param name="Platform">The unit's.</param>
/// <param name="Base">Identity of the unit's base; null when it is not known, and then no base is checked.</param>
public sealed record ResolutionScope(string Oem, Platform Platform, Digest? Base);
