using System.Text.Json;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Artifacts.Json;

/// <summary>A catalogue as a file: what <c>resolve</c> works from, exported by a hub or written by hand.</summary>
/// <param name="Sequence">The hub's change number; 0 in one written by hand.</param>
/// <param name="Layers">Any order.</param>
public sealed record CatalogueDocument(long Sequence, CatalogueDocument.LayerEntry[] Layers)
{
    /// <summary>A layer with all its versions.</summary>
    /// <param name="Id">UUID; may be left out by hand.</param>
    public sealed record LayerEntry(string Owner, string Codename, Guid Id, string? Title, string[]? Aliases, ReleaseEntry[] Versions);

    /// <summary>One version.</summary>
    public sealed record ReleaseEntry(SemanticVersion Version, LayerImage[] Images)
    {
        /// <summary>Where it stands in its life; null is released.</summary>
        public Lifecycle? Lifecycle { get; init; }
    }

    /// <summary>The document of a snapshot, or of those of its layers that <paramref name="isSeen"/>. Who shares what with whom is not in it, and of a parent that is not seen only the content.</summary>
    public static CatalogueDocument Of(Catalogue catalogue, Func<Layer, bool>? isSeen = null) => new(catalogue.Sequence, [.. catalogue.Layers.Where(isSeen ?? (_ => true)).Select(layer => new LayerEntry(
        layer.Key.Owner, layer.Key.Codename, layer.Id, layer.Title, [.. layer.Aliases],
        [.. layer.Releases.Select(r => new ReleaseEntry(r.Version, [.. r.Images.Select(i => Of(catalogue, layer, i, isSeen))]) { Lifecycle = r.Lifecycle == Lifecycle.Released ? null : r.Lifecycle })]))]);

    private static LayerImage Of(Catalogue catalogue, Layer layer, LayerImage image, Func<Layer, bool>? isSeen) =>
        isSeen is not null && image.Parent is { } parent ? image with { Parent = catalogue.Shown(parent, layer.Key.Owner, isSeen) } : image;

    /// <summary>Reads a catalogue that anybody may have written.</summary>
    /// <exception cref="JsonException">It is none; the message says where and why.</exception>
    public static Catalogue Read(ReadOnlySpan<byte> utf8)
    {
        CatalogueDocument document;
        try
        {
            document = JsonSerializer.Deserialize(utf8, ModelJson.Default.CatalogueDocument) ?? throw new JsonException("The document is null.");
        }
        catch (JsonException problem) when (problem.Path is { } path && !problem.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new JsonException($"{path.Replace("$.", "", StringComparison.Ordinal)}: {problem.Message}", problem);
        }
        if (document.Missing() is { } place) throw new JsonException($"{place} is missing.");
        return document.ToCatalogue();
    }

    /// <summary>The place of the first thing that has to be there and is not. The serializer takes what is left out for null.</summary>
    private string? Missing()
    {
        if (Layers is null) return "layers";
        for (var l = 0; l < Layers.Length; l++)
        {
            var (layer, at) = (Layers[l], $"layers[{l}]");
            if (layer is null) return at;
            if (string.IsNullOrEmpty(layer.Owner)) return $"{at}.owner";
            if (string.IsNullOrEmpty(layer.Codename)) return $"{at}.codename";
            if (layer.Aliases?.Contains(null!) == true) return $"{at}.aliases: an alias";
            if (layer.Versions is null) return $"{at}.versions";
            for (var v = 0; v < layer.Versions.Length; v++)
                if (Missing(layer.Versions[v], $"{at}.versions[{v}]") is { } place) return place;
        }
        return null;
    }

    private static string? Missing(ReleaseEntry? release, string at)
    {
        if (release is null) return at;
        if (release.Version is null) return $"{at}.version";
        if (release.Images is null) return $"{at}.images";
        for (var i = 0; i < release.Images.Length; i++)
        {
            var (image, place) = (release.Images[i], $"{at}.images[{i}]");
            if (image is null) return place;
            if (image.Platform is null) return $"{place}.platform";
            if (image.Digest == default) return $"{place}.digest";
            if (image.DiffId == default) return $"{place}.diffId";
            if (image.Parent is { } parent && (parent.Name is null ? "name" : parent.Version is null ? "version" : parent.DiffId == default ? "diffId" : null) is { } part) return $"{place}.parent.{part}";
        }
        return null;
    }

    /// <summary>The snapshot in this document.</summary>
    /// <exception cref="JsonException">Two entries contradict each other.</exception>
    public Catalogue ToCatalogue()
    {
        var catalogue = Catalogue.Empty;
        foreach (var layer in Layers)
        {
            foreach (var release in layer.Versions)
                catalogue = catalogue.Publish(
                    new(new(layer.Owner, layer.Codename), release.Version, [.. release.Images]) { Lifecycle = release.Lifecycle ?? Lifecycle.Released }, layer.Id, layer.Title, layer.Aliases ?? [], Sequence) switch
                {
                    Publication.Accepted accepted => accepted.Catalogue,
                    Publication.Refused refused => throw new JsonException(refused.Reason),
                    _ => catalogue,
                };
        }
        return catalogue with { Sequence = Sequence };
    }
}
