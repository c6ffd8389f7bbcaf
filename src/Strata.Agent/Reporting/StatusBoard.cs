using Strata.Artifacts.Protocol;
using Strata.Model.Units;

namespace Strata.Agent.Reporting;

/// <summary>State of an item on the unit.</summary>
internal enum ItemState
{
    /// <summary>Its documents and layers are being fetched.</summary>
    Downloading,

    /// <summary>All of it is here; it is not in use yet.</summary>
    Pending,

    /// <summary>In use.</summary>
    Installed,

    /// <summary>Not wanted any more.</summary>
    Removed,

    /// <summary>It could not be had; the error says why.</summary>
    Failed,
}

/// <summary>State of an instance.</summary>
internal enum InstanceState
{
    /// <summary>On its way up.</summary>
    Activating,

    /// <summary>Its process runs.</summary>
    Active,

    /// <summary>Stopped because it is not wanted any more.</summary>
    Inactive,

    /// <summary>It ended by itself or did not start.</summary>
    Failed,
}

/// <summary>Why something is in state failed.</summary>
/// <param name="Message">For people; cut to 64 characters on the wire.</param>
/// <param name="AosCode">See <see cref="AosCodes"/>.</param>
/// <param name="ExitCode">Of the process, or 0.</param>
/// <param name="IsFinal">Another try would end alike.</param>
internal sealed record Failure(string Message, int AosCode = AosCodes.Failed, int ExitCode = 0, bool IsFinal = false)
{
    private const int Longest = 64;

    /// <summary>As the protocol carries it.</summary>
    public ErrorInfo ToErrorInfo() => new(AosCode, ExitCode, Message.Length <= Longest ? Message : Message[..(Longest - 1)] + "…");
}

/// <summary>Error numbers of AosCore. Source: facts on protocol v7, "errorInfo".</summary>
internal static class AosCodes
{
    /// <summary>Anything that no other code names.</summary>
    public const int Failed = 1;

    /// <summary>Memory or disk is used up.</summary>
    public const int NoMemory = 3;

    /// <summary>It is not there.</summary>
    public const int NotFound = 5;

    /// <summary>Content is not what was promised, or not signed.</summary>
    public const int InvalidChecksum = 10;

    /// <summary>This unit cannot do it.</summary>
    public const int NotSupported = 12;
}

/// <summary>What the unit has and runs, as it changes, and what of it the hub has not been told yet.</summary>
/// <remarks>Safe from any thread. Source: facts on protocol v7, "unitStatus".</remarks>
internal sealed class StatusBoard(NodeStatus node)
{
    private const string Service = "service";
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Id, string Version), ItemStatus> _items = [];
    private readonly SortedDictionary<(string Item, string Subject, int Index, string Version), InstanceStatus> _instances = [];
    private readonly HashSet<(string Id, string Version)> _changedItems = [];
    private readonly HashSet<(string Item, string Subject, int Index, string Version)> _changedInstances = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next change.</summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    /// <summary>Sets the state of one version of an item. <see cref="ItemState.Removed"/> is told once and then forgotten.</summary>
    public void SetItem(string id, string version, ItemState state, Failure? failure = null)
    {
        lock (_gate)
        {
            var entry = new ItemStatus(new(Id: id, Type: Service), version, Text(state), failure?.ToErrorInfo());
            if (_items.TryGetValue((id, version), out var before) && before == entry) return;
            _items[(id, version)] = entry;
            _changedItems.Add((id, version));
            Signal();
        }
    }

    /// <summary>Versions of items that the board knows.</summary>
    public IReadOnlyList<(string Id, string Version)> Items
    {
        get { lock (_gate) return [.. _items.Keys]; }
    }

    /// <summary>Sets the state of an instance.</summary>
    public void SetInstance(InstanceId id, string version, InstanceState state, Failure? failure = null)
    {
        lock (_gate)
        {
            var key = (id.ItemId, id.SubjectId, id.Index, version);
            var entry = new InstanceStatus(
                id.Index, Text(state), node.Identity with { Title = null }, node.Runtimes![0].Identity, failure?.ToErrorInfo());
            if (_instances.TryGetValue(key, out var before) && before == entry) return;
            _instances[key] = entry;
            _changedInstances.Add(key);
            Signal();
        }
    }

    /// <summary>An instance is gone: told once as inactive, then forgotten.</summary>
    public void DropInstance(InstanceId id, string version) => SetInstance(id, version, InstanceState.Inactive);

    /// <summary>Everything; counts as told.</summary>
    public UnitStatus Full()
    {
        lock (_gate)
        {
            Forget();
            Told();
            return new(
                IsDeltaInfo: false,
                [new("absent")],
                [node],
                [.. _items.Values],
                Group(_instances),
                []);
        }
    }

    /// <summary>What changed since the last telling, which it then counts as told; null when nothing did.</summary>
    public UnitStatus? Delta()
    {
        lock (_gate)
        {
            if (_changedItems.Count + _changedInstances.Count == 0) return null;
            var items = _items.Where(i => _changedItems.Contains(i.Key)).Select(i => i.Value).ToArray();
            var instances = Group(_instances.Where(i => _changedInstances.Contains(i.Key)));
            Forget();
            Told();
            return new(IsDeltaInfo: true, Items: items.Length == 0 ? null : items, Instances: instances.Length == 0 ? null : instances);
        }
    }

    private void Forget()
    {
        foreach (var gone in _items.Where(i => i.Value.State == Text(ItemState.Removed)).Select(i => i.Key).ToList()) _items.Remove(gone);
        foreach (var gone in _instances.Where(i => i.Value.State == Text(InstanceState.Inactive)).Select(i => i.Key).ToList()) _instances.Remove(gone);
    }

    private void Told()
    {
        _changedItems.Clear();
        _changedInstances.Clear();
        if (_changed.Task.IsCompleted) _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Signal() => _changed.TrySetResult();

    private static InstancesStatus[] Group(IEnumerable<KeyValuePair<(string Item, string Subject, int Index, string Version), InstanceStatus>> instances) =>
        [.. instances.GroupBy(i => (i.Key.Item, i.Key.Subject, i.Key.Version)).Select(g => new InstancesStatus(
            new(Id: g.Key.Item, Type: Service), new(Id: g.Key.Subject), g.Key.Version, [.. g.Select(i => i.Value)]))];

    private static string Text(Enum state) => state.ToString().ToLowerInvariant();
}
