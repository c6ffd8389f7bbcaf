namespace Strata.Hub.Portal;

/// <summary>A unit model in the portal's list.</summary>
/// <param name="TargetId">Null when the target has no page for the visitor.</param>
/// <param name="Units">How many of those that the visitor sees are of it.</param>
public sealed record UnitModelLine(string Name, string Version, string Owner, string Target, Guid? TargetId, int Units);
