namespace Strata.Artifacts.Protocol;

/// <summary>Service discovery, asked by POST. Source: facts on AosCore 9.1, section 1.</summary>
public sealed record DiscoveryRequest(int Version, string SystemId, string[] SupportedProtocols);

/// <summary>Where to connect.</summary>
/// <param name="NextRequestDelay">Milliseconds before the first try to reconnect; 0 for the unit's own default.</param>
/// <param name="ConnectionInfo">WebSocket addresses; the first is used.</param>
/// <param name="AuthToken">Goes into <c>Authorization: Bearer</c> at the upgrade.</param>
/// <param name="ErrorCode">0 none, 1 redirect, 2 repeat later, 3 error.</param>
public sealed record DiscoveryResponse(int Version, string SystemId, int NextRequestDelay, string[] ConnectionInfo, string AuthToken, int ErrorCode);
