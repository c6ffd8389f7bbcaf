namespace Strata.Hub.Access;

/// <summary>How an object stands to who asks; several may hold at once.</summary>
[Flags]
internal enum Relation
{
    /// <summary>Somebody else's: holds always.</summary>
    Any = 0,

    /// <summary>Its owner is the caller's.</summary>
    Own = 1,

    /// <summary>It runs in the caller's fleet.</summary>
    Fleet = 2,

    /// <summary>Its owner shares it with the caller's.</summary>
    Shared = 4,
}
