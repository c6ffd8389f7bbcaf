namespace Strata.Artifacts.Protocol;

/// <summary>An AosIdentity: cloud-made things carry an id, device-made things a codename.</summary>
/// <param name="Id">At most 64 characters.</param>
/// <param name="Codename">At most 64 characters.</param>
/// <param name="Type"><c>service</c>, <c>layer</c>, <c>subject</c>, <c>node</c>, <c>runtime</c> and so on.</param>
/// <param name="Title">For people.</param>
public sealed record Identity(string? Id = null, string? Codename = null, string? Type = null, string? Title = null);

/// <summary>An error as a unit reports it.</summary>
/// <param name="AosCode">1 failed, 5 not found, 10 invalid checksum and so on (facts, "Common pieces").</param>
/// <param name="ExitCode">errno, or 0.</param>
/// <param name="Message">At most 64 characters.</param>
public sealed record ErrorInfo(int AosCode, int ExitCode, string Message);
