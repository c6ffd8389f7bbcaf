using Strata.Artifacts.Oci;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Resolving;
using Strata.Model.Units;

namespace Strata.Hub.Deploying;

/// <summary>Resolves and composes the newest version of services against one snapshot, each combination once.</summary>
/// <remarks>Pure but for its memory. One instance is used for one planning pass, by one thread.</remarks>
internal sealed class ServiceComposer
{
    private readonly Dictionary<(Guid Version, string Oem, EquatableList<Platform> Platforms, Digest? Base, EquatableList<DiffId> Held), (ComposedService?, EquatableList<string>)> _known = [];

    /// <summary>The image of the newest version of <paramref name="service"/> for a unit of <paramref name="oem"/>, or the reasons why there is none.</summary>
    /// <param name="held">Yanked content that the unit has for this service and may keep.</param>
    public (ComposedService? Composed, EquatableList<string> Obstacles) Compose(
        HubState state, string oem, EquatableList<Platform> platforms, Digest? @base, ServiceRow service, EquatableList<DiffId> held)
    {
        var version = service.Versions[0];
        var key = (version.Id, oem, platforms, @base, held);
        if (!_known.TryGetValue(key, out var found)) _known[key] = found = ComposeAnew(state, oem, platforms, @base, service, version, held);
        return found;
    }

    private static (ComposedService?, EquatableList<string>) ComposeAnew(
        HubState state, string oem, EquatableList<Platform> platforms, Digest? @base, ServiceRow service, ServiceVersionRow version, EquatableList<DiffId> held)
    {
        var name = $"{service.Codename} {version.Version}";
        var parts = new List<(ServiceImage Image, LayerStack Stack)>();
        foreach (var platform in platforms)
        {
            if (version.Images.FirstOrDefault(i => i.Platform.RunsOn(platform)) is not { } image) continue;
            var resolution = Resolver.Resolve(state.Catalogue, new(oem, platform, @base), 
                [new(service.Codename, version.Needs) { Owner = service.Owner, Held = held }]);
            if (resolution is not Resolution.Resolved resolved)
                return (null, ((Resolution.Unmet)resolution).Services.SelectMany(s => s.Reasons).Select(r => $"{name}: {r}").ToEquatableList());
            var stack = resolved.Stacks[0];
            if (stack.Layers.FirstOrDefault(l => l.Image.UnpackedSize == 0) is { } empty)
                return (null, [$"{name}: the files of {empty.Release} add up to 0 bytes, and units cannot take such a layer. Publish a version with something in it."]);
            if (stack.Layers.Count + 1 > ServiceImageComposer.MostLayers)
                return (null, [$"{name}: it has {stack.Layers.Count + 1} layers with its own and all parents, and a unit takes {ServiceImageComposer.MostLayers}. Use fewer layers."]);
            parts.Add((image, stack));
        }
        if (parts.Count == 0)
            return (null, [$"{name}: it is for {string.Join(", ", version.Images.Select(i => i.Platform))} and the unit is {string.Join(", ", platforms)}. Publish a build for it."]);

        // Two nodes may take the same image: one manifest, as long as their layers agree.
        var distinct = parts.DistinctBy(p => p.Image).Take(ServiceImageComposer.MostManifests).ToList();
        return (Compose(service, version, distinct), []);
    }

    private static ComposedService Compose(ServiceRow service, ServiceVersionRow version, List<(ServiceImage Image, LayerStack Stack)> parts)
    {
        var image = ServiceImageComposer.Compose(
            [.. parts.Select(p => new ServiceImageParts(p.Image.Platform, p.Image.Layer, p.Stack.Layers.Select(Blob).ToEquatableList(), p.Image.Process))],
            ImageOrder.TopFirst);
        var chosen = LockDocument.Of(service.Codename, version.Version, parts.Select(p => (p.Image.Platform, p.Stack)));
        var composition = new Composition(
            image.Index,
            service.Id,
            version.Version,
            WireVersion.For(version.Version, chosen.Digest),
            chosen.Digest,
            parts.SelectMany(p => p.Stack.Layers).DistinctBy(l => l.Image.Digest)
                .Select(l => new ComposedLayer(l.Release.Layer.Owner, l.Release.Layer.Codename, l.Release.Version, Blob(l))).ToEquatableList(),
            parts.Select(p => p.Image.Layer).Distinct().ToEquatableList(),
            image.Documents.Select(d => d.Digest).ToEquatableList(),
            parts.SelectMany(p => p.Stack.Reasons).Distinct().ToEquatableList());
        return new(composition, [.. image.Documents.Select(d => d.Bytes), chosen.ToBytes()]);
    }

    private static LayerBlob Blob(ChosenLayer layer) => new(layer.Image.Digest, layer.Image.DiffId, layer.Image.Size, layer.Image.MediaType);
}
