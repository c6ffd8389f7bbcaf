namespace Strata.Hub.Portal;

/// <summary>A service in the portal's list.</summary>
/// <param name="Newest">Null while no version is published.</param>
public sealed record ServiceLine(Guid Id, string Codename, string? Title, string Owner, int Versions, string? Newest);
