using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>What the index takes in of a published version, for one platform.</summary>
/// <param name="Version">As it was published.</param>
/// <param name="Platform">As <see cref="Model.Identity.Platform.ToString"/> writes it.</param>
/// <param name="Things">Its libraries and files, in any order; one twice counts once.</param>
internal sealed record IndexedVersion(LayerKey Layer, string Version, string Platform, IReadOnlyCollection<IndexedThing> Things);
