namespace Strata.Hub.Access;

/// <summary>What somebody may want to do to an object.</summary>
internal enum Verb
{
    /// <summary>Know of it, list it, read it, download it.</summary>
    Read,

    /// <summary>Make a new one, or publish a new version of it.</summary>
    Create,

    /// <summary>Change what is said of it, its state, or whom it is shared with.</summary>
    Change,

    /// <summary>Remove it; revoke it, where it is a user.</summary>
    Delete,

    /// <summary>Join it with others: services and units with a subject, layers with a service.</summary>
    Bind,
}
