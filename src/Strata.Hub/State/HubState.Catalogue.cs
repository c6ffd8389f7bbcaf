using System.Diagnostics;

namespace Strata.Hub.State;

/// <content>What changes of layers after their publication.</content>
internal sealed partial record HubState
{
    private HubState FoldCatalogue(long sequence, Change change) => change switch
    {
        LayerVersionMoved c => this with { Catalogue = Catalogue.Move(new(c.Owner, c.Codename), c.Version, c.Lifecycle, sequence) },
        LayerShared c => this with { Catalogue = Catalogue.Share(new(c.Owner, c.Codename), c.Sharing, sequence) },
        LayerNamed c => this with { Catalogue = Catalogue.Name(new(c.Owner, c.Codename), c.Aliases, sequence) },
        LayerTrialSet c => this with { Catalogue = Catalogue.SetTrial(new(c.Owner, c.Codename), c.StartsAsCandidate, sequence) },
        LayerVersionRemoved c => this with { Catalogue = Catalogue.Remove(new(c.Owner, c.Codename), c.Version, sequence) },
        _ => throw new UnreachableException(),
    };
}
