using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Portal;

/// <summary>What the files of a unit's services and layers come to, as it shall have them.</summary>
/// <param name="Once">Bytes of files, each counted once: what the unit downloads and keeps.</param>
/// <param name="Alone">Bytes that the same services would bring if each brought its own copy of everything.</param>
/// <param name="Layers">Layers that more than one service stands on or that one does, each counted once.</param>
public sealed record UnitStorage(long Once, long Alone, int Layers)
{
    /// <summary>Bytes that sharing saves.</summary>
    public long Saved => Alone - Once;

    /// <summary>Adds up what a unit shall have.</summary>
    internal static UnitStorage Of(HubState state, UnitRow unit)
    {
        var (seen, layers) = (new HashSet<Digest>(), new HashSet<Digest>());
        var (once, alone) = (0L, 0L);
        foreach (var item in unit.Desired?.State.Items ?? [])
        {
            var composition = state.Compositions[item.Index];
            foreach (var blob in composition.Layers.Select(l => l.Blob).Concat(composition.OwnLayers).DistinctBy(b => b.Digest))
            {
                alone += blob.Size;
                if (seen.Add(blob.Digest)) once += blob.Size;
            }
            layers.UnionWith(composition.Layers.Select(l => l.Blob.Digest));
        }
        return new(once, alone, layers.Count);
    }
}
