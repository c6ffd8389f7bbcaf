namespace Strata.Hub.Portal;

/// <summary>A unit in the portal's list.</summary>
/// <param name="Services">How many it shall have.</param>
/// <param name="Obstacles">How many reasons there are why something that is assigned is not among them, or not in its newest version.</param>
public sealed record UnitLine(string SystemId, string Owner, bool IsOnline, string? Model, string? Target, string? FleetOwner, int Services, int Obstacles, DateTimeOffset? ReportedAt);
