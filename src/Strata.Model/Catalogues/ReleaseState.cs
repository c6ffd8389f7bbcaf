namespace Strata.Model.Catalogues;

/// <summary>Where a published version stands in its life. The content never changes; only who may still choose it does (record 0027).</summary>
public enum ReleaseState
{
    /// <summary>Chosen like any other. A version is that from its publication on, unless its OEM says otherwise.</summary>
    Released,

    /// <summary>On trial: chosen only by a need that names exactly this version.</summary>
    Candidate,

    /// <summary>Chosen as before, and every explanation says that it will go.</summary>
    Deprecated,

    /// <summary>Taken back: a unit that has it keeps it until something else fits, nobody else gets it.</summary>
    Yanked,

    /// <summary>At its end: never chosen, and never anything else again.</summary>
    Retired,
}
