using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>A kind of unit: what all its units run on.</summary>
/// <param name="Target">Name of a target of the same owner; units of this model follow it.</param>
internal sealed record UnitModelRow(Guid Id, string Owner, string Name, string Version, string Target);

/// <summary>A node of a unit, as it last reported it.</summary>
/// <param name="Ram">Bytes.</param>
internal sealed record NodeRow(string Id, string? Title, string State, bool IsConnected, string Os, long Ram, long MaxDmips);

/// <summary>A unit model was made or says something else now.</summary>
internal sealed record UnitModelSaved(UnitModelRow Model) : Change;

/// <summary>A unit model was removed; no unit was of it.</summary>
internal sealed record UnitModelRemoved(Guid Id) : Change;

/// <summary>A unit is of another model, on another target, or in another fleet.</summary>
internal sealed record UnitSettled(string SystemId, string? Target, Guid? Model, string? FleetOwner) : Change;

/// <summary>A unit was removed; it was in no subject.</summary>
internal sealed record UnitRemoved(string SystemId) : Change;

/// <summary>What a fixture says that a unit holds; a unit that has spoken for itself does not hear it.</summary>
internal sealed record UnitAssumed(string SystemId, UnitReport Report) : Change;

/// <summary>Services and units left a subject.</summary>
internal sealed record SubjectLeft(Guid Id, EquatableList<Guid> Services, EquatableList<string> Units) : Change;

/// <summary>A subject was removed.</summary>
internal sealed record SubjectRemoved(Guid Id) : Change;

/// <summary>A service was made before any version of it, or is described anew.</summary>
internal sealed record ServiceDescribed(Guid Id, string Owner, Guid OwnerId, string Codename, string? Title, string? Description) : Change;

/// <summary>A version of a service was removed; nobody had it.</summary>
internal sealed record ServiceVersionRemoved(Guid Id, SemanticVersion Version) : Change;

/// <summary>A service was removed with all its versions; nobody had it.</summary>
internal sealed record ServiceRemoved(Guid Id) : Change;
