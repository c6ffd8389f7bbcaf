using Strata.Artifacts.Signing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Hub.Access;

/// <summary>An object as the policy sees it: what it is and to whom it belongs.</summary>
/// <param name="Owner">Domain of its owner.</param>
internal sealed record Guarded(ObjectKind Kind, string Owner)
{
    /// <summary>In <see cref="SharedWith"/>: everybody whose role may read what is shared.</summary>
    public const string Everybody = TargetRow.Everybody;

    private static readonly EquatableList<string> ToEverybody = [Everybody];

    /// <summary>Domain of the fleet owner in whose fleet it runs; null when it runs in none.</summary>
    public string? Fleet { get; init; }

    /// <summary>Domains that its owner shares it with, or <see cref="Everybody"/>.</summary>
    public EquatableList<string> SharedWith { get; init; } = [];

    /// <summary>Domains that its owner hides it from, whatever <see cref="SharedWith"/> says.</summary>
    public EquatableList<string> HiddenFrom { get; init; } = [];

    public static Guarded Of(BundleRow bundle) => new(ObjectKind.Bundle, bundle.Owner);

    public static Guarded Of(Layer layer) => LayerOf(layer.Key.Owner) with
    {
        SharedWith = layer.Sharing.IsOpen ? ToEverybody : layer.Sharing.SharedWith,
        HiddenFrom = layer.Sharing.HiddenFrom,
    };

    /// <summary>Layers of <paramref name="owner"/>: shared with every service provider, unless it says otherwise of one.</summary>
    public static Guarded LayerOf(string owner) => new(ObjectKind.Layer, owner) { SharedWith = ToEverybody };

    public static Guarded Of(TargetRow target) => new(ObjectKind.Target, target.Owner) { SharedWith = target.SharedWith };

    public static Guarded Of(ServiceRow service) => new(ObjectKind.Service, service.Owner);

    public static Guarded Of(UnitRow unit) => new(ObjectKind.Unit, unit.Owner) { Fleet = unit.FleetOwner };

    public static Guarded Of(UnitModelRow model) => new(ObjectKind.UnitModel, model.Owner);

    public static Guarded Of(SubjectRow subject) => new(ObjectKind.Subject, subject.Owner);

    public static Guarded Of(UserRow user) => UserOf(user.Role, user.Owner);

    /// <summary>A user of <paramref name="owner"/> with <paramref name="role"/>, or the invitation of one.</summary>
    public static Guarded UserOf(ClientRole role, string owner) => new(UserKind(role), owner);

    /// <summary>The kind that users with <paramref name="role"/> are.</summary>
    public static ObjectKind UserKind(ClientRole role) => role switch
    {
        ClientRole.Oem => ObjectKind.OemUser,
        ClientRole.ServiceProvider => ObjectKind.ServiceProviderUser,
        ClientRole.FleetOwner => ObjectKind.FleetOwnerUser,
        _ => ObjectKind.AdminUser,
    };
}
