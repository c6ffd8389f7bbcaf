using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Model.Resolving;

/// <summary>The order of layers in one service's stack (decision 5).</summary>
internal static class StackOrder
{
    /// <summary>Declared layers in declared order, parents beneath; a layer that comes up several times stands once, at its lowest place.</summary>
    public static EquatableList<ChosenLayer> TopFirst(IReadOnlyList<ChosenLayer> declared, Catalogue catalogue)
    {
        var all = declared.Concat(declared.SelectMany(layer => Parents(layer, catalogue))).ToList();
        return all.Where((layer, i) => !all.Skip(i + 1).Any(lower => lower.Image.DiffId == layer.Image.DiffId)).ToEquatableList();
    }

    /// <summary>The first layer that the stack would hold in two versions, as a sentence that names both needs and the cure; null when there is none.</summary>
    /// <param name="service">Whose provider is not told which parents it brings that it may not know of.</param>
    public static string? Conflict(IEnumerable<(LayerNeed Need, ChosenLayer Layer)> declared, ServiceNeeds service, Catalogue catalogue)
    {
        var held = new Dictionary<LayerKey, (ChosenLayer Layer, LayerNeed Need, bool AsParent)>();
        foreach (var (need, layer) in declared)
        {
            foreach (var (each, asParent) in Parents(layer, catalogue).Select(p => (p, true)).Prepend((layer, false)))
            {
                if (!held.TryGetValue(each.Release.Layer, out var other)) held[each.Release.Layer] = (each, need, asParent);
                else if (other.Layer.Image.DiffId != each.Image.DiffId)
                    return $"{Asks(other.Need, Told(other.Layer), other.AsParent)} and {Asks(need, Told(each), asParent)}, but one stack holds a layer in one version only. "
                        + "Rebuild the child layer on that version, declare a range for its parent, or change the need.";
            }
        }
        return null;

        string Told(ChosenLayer layer) => service.Sees(catalogue, layer.Release) ? layer.ToString() : "a layer that is not shared with the service's provider";
    }

    private static string Asks(LayerNeed need, string layer, bool asParent) =>
        asParent ? $"'{need}' brings {layer} as a parent" : $"'{need}' takes {layer}";

    private static IEnumerable<ChosenLayer> Parents(ChosenLayer layer, Catalogue catalogue)
    {
        for (var parent = layer.Image.Parent; parent is not null;)
        {
            // Candidates keep only layers whose parents are all published.
            var (release, image) = catalogue.FindContent(layer.Release.Layer.Owner, parent.DiffId, parent.Name)!.Value;
            yield return new(release, image);
            parent = image.Parent;
        }
    }
}
