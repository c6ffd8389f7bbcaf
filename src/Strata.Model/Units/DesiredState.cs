using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Model.Units;

/// <summary>An item that a unit shall hold: a composed service image.</summary>
/// <param name="Id">The service's id at the hub.</param>
/// <param name="Version">What goes on the wire: service version, '+', and eight hex digits of the lock (decision 7).</param>
/// <param name="Owner">Id of the service provider.</param>
/// <param name="Index">The composed OCI index.</param>
public sealed record DesiredItem(string Id, string Version, string Owner, Digest Index);

/// <summary>Instances of one item for one subject.</summary>
/// <param name="ItemId">Which item.</param>
/// <param name="SubjectId">For whom.</param>
/// <param name="Priority">0 to 999,999; higher first.</param>
/// <param name="Count">How many, 1 to 256.</param>
public sealed record DesiredInstances(string ItemId, string SubjectId, int Priority, int Count);

/// <summary>A subject: what joins units and services.</summary>
/// <param name="Id">The subject's id at the hub.</param>
/// <param name="IsGroup">A group, else a user.</param>
public sealed record DesiredSubject(string Id, bool IsGroup);

/// <summary>The whole state a unit shall reach; what is not listed goes.</summary>
/// <remarks>Source: facts on protocol v7, "desiredStatus". Lists are in ordinal order, so that equal states are equal documents.</remarks>
public sealed record DesiredState(
    EquatableList<DesiredItem> Items,
    EquatableList<DesiredInstances> Instances,
    EquatableList<DesiredSubject> Subjects)
{
    /// <summary>A unit that shall hold nothing.</summary>
    public static DesiredState Empty { get; } = new([], [], []);

    /// <summary>Brings assignments into the one order.</summary>
    public static DesiredState For(IEnumerable<DesiredItem> items, IEnumerable<DesiredInstances> instances, IEnumerable<DesiredSubject> subjects) => new(
        items.OrderBy(i => i.Id, StringComparer.Ordinal).ToEquatableList(),
        instances.OrderBy(i => i.ItemId, StringComparer.Ordinal).ThenBy(i => i.SubjectId, StringComparer.Ordinal).ToEquatableList(),
        subjects.OrderBy(s => s.Id, StringComparer.Ordinal).ToEquatableList());
}

/// <summary>The version text that AosCore is shown, so that a change of layer under an unchanged service version is seen (decision 7).</summary>
public static class WireVersion
{
    /// <summary>Longest version text that a unit accepts, in characters.</summary>
    public const int Longest = 32;

    /// <summary>Longest service version that still leaves room for '+' and eight hex digits.</summary>
    public const int LongestServiceVersion = Longest - 9;

    /// <summary>The text for a service version under a lock. Build metadata of the version itself is kept in front with a dot.</summary>
    public static string For(SemanticVersion version, Digest @lock) =>
        $"{version}{(version.ToString().Contains('+', StringComparison.Ordinal) ? '.' : '+')}{@lock.Hex[..8]}";
}
