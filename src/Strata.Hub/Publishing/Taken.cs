using Strata.Model.Catalogues;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Hub.Publishing;

/// <summary>A layer of a bundle whose content was looked at and agrees with what is said of it.</summary>
/// <param name="Descriptions">Blobs with the derived layer.json, one for each image.</param>
internal sealed record TakenLayer(
    string Codename, SemanticVersion Version, string? Title, EquatableList<string> Aliases, EquatableList<LayerImage> Images, EquatableList<Digest> Descriptions);

/// <summary>A service of a bundle whose content was looked at.</summary>
internal sealed record TakenService(
    Guid? Id,
    string Codename,
    SemanticVersion Version,
    string? Title,
    string? Description,
    EquatableList<LayerNeed> Needs,
    EquatableList<ServiceImage> Images,
    int Instances,
    int Priority);
