namespace Strata.Hub.Access;

/// <summary>What the policy speaks of.</summary>
internal enum ObjectKind
{
    /// <summary>What the hub knows of the caller itself.</summary>
    Me,

    Bundle,
    Layer,
    Target,
    Service,
    ServiceProvider,
    Unit,
    UnitModel,
    Subject,

    /// <summary>A line of the audit: it belongs to whom the change concerns.</summary>
    AuditRecord,

    /// <summary>The hub itself: what its operator does to it.</summary>
    Maintenance,

    /// <summary>A user, or an invitation to become one, with the role OEM. Roles are kinds of their own: nobody invites into a role that is not his.</summary>
    OemUser,

    /// <summary>A user, or an invitation to become one, with the role service provider.</summary>
    ServiceProviderUser,

    /// <summary>A user, or an invitation to become one, with the role fleet owner.</summary>
    FleetOwnerUser,

    /// <summary>A user, or an invitation to become one, with the role admin.</summary>
    AdminUser,
}
