using Strata.Model.Catalogues;
using Strata.Model.Layers;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>A layer version on one platform, as its pages show it.</summary>
/// <param name="Image">The archive for the platform that is looked at.</param>
/// <param name="Description">Its layer.json, as its reader may know it.</param>
/// <param name="ParentLayer">The published layer whose content is the parent's; null when there is none, or it is not the reader's to see.</param>
public sealed record VersionShown(Layer Layer, LayerRelease Release, LayerImage Image, LayerDescription Description, (Layer Layer, LayerRelease Release)? ParentLayer)
{
    /// <summary>The address of this version.</summary>
    public string Path => $"/layers/{Layer.Id}/{Release.Version}";

    /// <summary>The address of one of its panes, for the platform that is looked at.</summary>
    public string Pane(string name) => (name.Length == 0 ? Path : $"{Path}/{name}") + (Release.Images.Count > 1 ? $"?platform={Uri.EscapeDataString(Image.Platform.ToString())}" : "");
}
