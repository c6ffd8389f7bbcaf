using System.Diagnostics;

namespace Strata.Hub.State;

/// <content>What changes of layers after their publication.</content>
internal sealed partial record HubState
{
    private HubState FoldCatalogue(long sequence, Change change) => change switch
    {
        LayerVersionMoved c => this with { Catalogue = Catalogue.Move(new(c.Owner, c.Codename), c.Version, c.Lifecycle, sequence) },
        LayerShared c => this with { Catalogue = Catalogue.Share(new(c.Owner, c.Codename), c.Sharing, sequence) },
        _ => throw new UnreachableException(),
    };
}
