namespace Strata.SystemTests.Hub;

/// <summary>The same on PostgreSQL and an S3 store: by options alone.</summary>
[Collection(Servers.Shared)]
public sealed class PublishingOnServersTests(PublishingHubOnServers hub) : PublishingBehaviour(hub), IClassFixture<PublishingHubOnServers>;
