using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>The layers of one catalogue that one kind of caller may see, and what lists of them are filtered by. Judged once for each snapshot, not for each request.</summary>
internal sealed class SeenLayers
{
    // Those who ask between two publications; whoever comes on top is judged each time.
    private const int MostKept = 64;

    private static readonly ConditionalWeakTable<Catalogue, ConcurrentDictionary<(ClientRole, string), SeenLayers>> Known = [];

    private readonly Lazy<Layer[]> _byCodename;
    private readonly Lazy<string[]> _names;
    private readonly Lazy<string[]> _platforms;
    private readonly Lazy<string[]> _owners;

    private SeenLayers(Catalogue catalogue, Caller caller)
    {
        All = [.. catalogue.Layers.Where(l => caller.Sees(Guarded.Of(l)))];
        _byCodename = new(() => [.. All.OrderBy(l => l.Key.Codename, StringComparer.Ordinal)]);
        _names = new(() => [.. All.Select(l => IndexedThing.Fold(string.Join('\n', [l.Key.Codename, l.Title ?? "", l.Id.ToString(), .. l.Aliases])))]);
        _platforms = new(() => [.. All.SelectMany(l => l.Releases[0].Images).Select(i => i.Platform).Distinct().Select(p => p.ToString()).Distinct().Order(StringComparer.Ordinal)]);
        _owners = new(() => [.. All.Select(l => l.Key.Owner).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>By owner and then codename.</summary>
    public Layer[] All { get; }

    /// <summary>What each of <see cref="All"/> is called, its id among it, folded and on lines of its own: one quick look tells which layers no word fits.</summary>
    public string[] Names => _names.Value;

    /// <summary>Those of <see cref="All"/> of whose names one, or the id, has <paramref name="text"/> in it, in any case; empty for all.</summary>
    public IEnumerable<Layer> Named(string text)
    {
        var folded = IndexedThing.Fold(text);
        return folded.Length == 0 ? All : All.Where((_, i) => Names[i].Contains(folded, StringComparison.Ordinal));
    }

    /// <summary>By codename and then owner.</summary>
    public Layer[] ByCodename => _byCodename.Value;

    /// <summary>What their newest versions run on, in ordinal order.</summary>
    public string[] Platforms => _platforms.Value;

    /// <summary>Domains of their owners, in ordinal order.</summary>
    public string[] Owners => _owners.Value;

    /// <summary>Those of a snapshot that <paramref name="caller"/> may see: the policy looks at nothing else of a caller than role and owner.</summary>
    public static SeenLayers By(HubState state, Caller caller)
    {
        var known = Known.GetValue(state.Catalogue, _ => []);
        if (known.TryGetValue((caller.Role, caller.Owner), out var seen)) return seen;
        seen = new(state.Catalogue, caller);
        if (known.Count < MostKept) known.TryAdd((caller.Role, caller.Owner), seen);
        return seen;
    }
}
