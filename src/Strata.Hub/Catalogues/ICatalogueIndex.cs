using Strata.Hub.Access;
using Strata.Hub.State;

namespace Strata.Hub.Catalogues;

/// <summary>Finds layers, and libraries and files in any version of them.</summary>
internal interface ICatalogueIndex
{
    /// <summary>One page of what <paramref name="query"/> finds and <paramref name="caller"/> may see.</summary>
    /// <param name="state">Only layers and versions that stand in it are found.</param>
    /// <exception cref="IOException">The index is not reached.</exception>
    CataloguePage Search(HubState state, Caller caller, CatalogueQuery query);
}
