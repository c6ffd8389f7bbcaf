using Strata.Hub.Access;
using Strata.Hub.State;
using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>A layer or a service in the graph.</summary>
/// <param name="Kind"><c>layer</c>, <c>service</c>, or <c>this</c> for the layer whose graph it is.</param>
/// <param name="Id">Of the layer or service.</param>
/// <param name="Name">Its codename.</param>
public sealed record GraphNode(string Kind, Guid Id, string Name, string Owner)
{
    /// <summary>Its page; also what tells it from others.</summary>
    public string Path => Kind == "service" ? $"/services/{Id}" : $"/layers/{Id}";
}

/// <summary><paramref name="Upper"/> stands on <paramref name="Lower"/>: it was built on it, or uses it.</summary>
/// <param name="Verb"><c>is built on</c> or <c>uses</c>.</param>
public sealed record GraphEdge(GraphNode Upper, string Verb, GraphNode Lower);

/// <summary>What a layer stands on and what stands on it, as one reader may know it.</summary>
/// <param name="Edges">Parents first, nearest first; then children, then services, by name.</param>
/// <param name="More">How many further ones are left out.</param>
public sealed record LayerGraph(GraphEdge[] Edges, int More)
{
    /// <summary>More than these nobody can follow with the eye.</summary>
    private const int Most = 100;

    // The largest stack that a unit takes (decision 6) is as deep.
    private const int Deepest = 16;

    /// <summary>The same with at most so many edges.</summary>
    public LayerGraph First(int most) => Edges.Length <= most ? this : new(Edges[..most], More + Edges.Length - most);

    /// <summary>The graph around a layer, by the newest version of each; services by what units shall have of any version.</summary>
    internal static LayerGraph Of(HubState state, Layer layer, Caller caller)
    {
        var edges = new List<GraphEdge>();
        var (upper, node) = (layer, Node(layer, layer));
        // Newest versions may lead round in a circle, which their parents' own versions never do.
        var met = new HashSet<Guid>();
        while (met.Count < Deepest && met.Add(upper.Id) && ParentOf(state, upper, caller) is { } parent && parent.Id != upper.Id)
        {
            edges.Add(new(Node(upper, layer), "is built on", Node(parent, layer)));
            upper = parent;
        }
        edges.AddRange(layer.Releases.SelectMany(r => LayerCatalogue.ChildrenOf(state, caller, r)).Select(c => c.Release).Where(r => r.Layer != layer.Key).Distinct()
            .Select(r => (Child: r, Layer: state.Catalogue.Find(r.Layer)!)).Where(c => c.Layer.Releases[0].Version == c.Child.Version).Select(c => c.Layer)
            .OrderBy(l => l.Key.Codename, StringComparer.Ordinal).Select(l => new GraphEdge(Node(l, layer), "is built on", node)));
        edges.AddRange(new LayerUsage(state, caller).Of(layer.Key).DistinctBy(u => u.ServiceId)
            .OrderBy(u => u.Service, StringComparer.Ordinal).Select(u => new GraphEdge(new("service", u.ServiceId, u.Service, u.Owner), "uses", node)));
        var told = edges.Distinct().ToList();
        return new([.. told.Take(Most)], Math.Max(0, told.Count - Most));
    }

    /// <summary>A layer as a node of the graph around <paramref name="middle"/>.</summary>
    internal static GraphNode Node(Layer layer, Layer middle) => new(layer.Id == middle.Id ? "this" : "layer", layer.Id, layer.Key.Codename, layer.Key.Owner);

    private static Layer? ParentOf(HubState state, Layer layer, Caller caller) =>
        layer.Releases[0].Images.Select(i => LayerCatalogue.ParentOf(state, caller, layer, i)?.Layer).FirstOrDefault(l => l is not null);
}
