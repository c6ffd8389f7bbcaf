using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>A layer version moved on in its life.</summary>
internal sealed record LayerVersionMoved(string Owner, string Codename, SemanticVersion Version, Lifecycle Lifecycle) : Change;

/// <summary>An OEM said anew who may use a layer and to whom it is recommended.</summary>
internal sealed record LayerShared(string Owner, string Codename, LayerSharing Sharing) : Change;
