namespace Strata.SystemTests.Portal;

/// <summary>One browser and one hub for the classes that look at a filled portal.</summary>
[CollectionDefinition(Name)]
public sealed class PortalCollection : ICollectionFixture<Browser>, ICollectionFixture<CatalogueGround>
{
    public const string Name = "A filled portal";
}
