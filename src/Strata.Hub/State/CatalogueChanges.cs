using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>A layer version moved on in its life.</summary>
internal sealed record LayerVersionMoved(string Owner, string Codename, SemanticVersion Version, Lifecycle Lifecycle) : Change;

/// <summary>An OEM said anew who may use a layer and to whom it is recommended.</summary>
internal sealed record LayerShared(string Owner, string Codename, LayerSharing Sharing) : Change;

/// <summary>An OEM said anew by which other names a layer is known.</summary>
/// <param name="Aliases">All of them, in ordinal order.</param>
internal sealed record LayerNamed(string Owner, string Codename, EquatableList<string> Aliases) : Change;

/// <summary>An OEM said whether new versions of a layer start as candidates.</summary>
internal sealed record LayerTrialSet(string Owner, string Codename, bool StartsAsCandidate) : Change;

/// <summary>A layer version was deleted; nobody used it.</summary>
internal sealed record LayerVersionRemoved(string Owner, string Codename, SemanticVersion Version) : Change;
