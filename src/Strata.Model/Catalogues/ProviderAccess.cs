namespace Strata.Model.Catalogues;

/// <summary>What an OEM says of one service provider and one of its layers.</summary>
public enum ProviderAccess
{
    /// <summary>Nothing: it may use the layer when the layer is open.</summary>
    Default,

    /// <summary>It may use the layer, open or not.</summary>
    Shared,

    /// <summary>It may not use the layer, and does not learn of it.</summary>
    Hidden,
}
