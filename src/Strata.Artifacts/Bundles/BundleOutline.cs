using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Artifacts.Bundles;

/// <summary>What could be read of a <c>config.yaml</c>, with the places of what else can be wrong with it: files, names at the hub.</summary>
/// <param name="Config">The items that were whole; all of them when no mistake was noted.</param>
/// <param name="Images">The images of all items, also of those that are not whole.</param>
/// <param name="Needs">The layers that are asked for.</param>
public sealed record BundleOutline(BundleConfig Config, EquatableList<PlacedImage> Images, EquatableList<PlacedNeed> Needs);

/// <summary>An image where it stands.</summary>
/// <param name="Type">Of its item; null when that could not be read, as for the next two.</param>
/// <param name="SourceFolder">Of its item.</param>
/// <param name="Image">Its platform is <c>any</c> when that could not be read.</param>
/// <param name="Mark">Where its path or folder stands.</param>
public sealed record PlacedImage(ItemType? Type, string? Codename, SemanticVersion? Version, string SourceFolder, BundleImage Image, YamlMark Mark);

/// <summary>A need for a layer where it stands.</summary>
public sealed record PlacedNeed(LayerNeed Need, YamlMark Mark);
