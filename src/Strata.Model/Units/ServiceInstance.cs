using Strata.Model.Identity;

namespace Strata.Model.Units;

/// <summary>Which instance of what for whom: stable over updates of the item.</summary>
/// <param name="ItemId">The service.</param>
/// <param name="SubjectId">The subject.</param>
/// <param name="Index">0-based.</param>
public sealed record InstanceId(string ItemId, string SubjectId, int Index)
{
    /// <summary>For logs: item, subject and index.</summary>
    public override string ToString() => $"{ItemId}:{SubjectId}:{Index}";
}

/// <summary>A layer as the unit fetches and mounts it.</summary>
/// <param name="Digest">The file.</param>
/// <param name="DiffId">Its content.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="MediaType">How it is compressed.</param>
public sealed record LayerBlob(Digest Digest, DiffId DiffId, long Size, string MediaType);

/// <summary>The process of an instance.</summary>
/// <param name="Arguments">Program first; never empty.</param>
/// <param name="Environment"><c>KEY=value</c>.</param>
/// <param name="WorkingDirectory">Absolute, inside the container.</param>
public sealed record ServiceProcess(EquatableList<string> Arguments, EquatableList<string> Environment, string WorkingDirectory);

/// <summary>One instance as it shall run or does run: equal values need no work.</summary>
/// <param name="Id">Which.</param>
/// <param name="Version">Version text as the hub sent it.</param>
/// <param name="Layers">Topmost first: own layer, shared layers, parents; without the base.</param>
/// <param name="Process">What runs in it.</param>
public sealed record ServiceInstance(InstanceId Id, string Version, EquatableList<LayerBlob> Layers, ServiceProcess Process);
