namespace Strata.SystemTests.Hub;

/// <summary>Publishing to a hub that keeps all in its folder.</summary>
public sealed class PublishingTests(PublishingHub hub) : PublishingBehaviour(hub), IClassFixture<PublishingHub>;
