namespace Strata.Hub.Portal;

/// <summary>A subject in the portal.</summary>
/// <param name="Services">How many it brings.</param>
/// <param name="Units">To how many.</param>
public sealed record SubjectLine(Guid Id, string Label, string Owner, bool IsGroup, int Priority, int Services, int Units);
