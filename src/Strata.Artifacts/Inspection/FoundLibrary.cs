using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>A library and the files of the layer that are its own.</summary>
/// <param name="Paths">Without directories, in ordinal order.</param>
public sealed record FoundLibrary(Library About, EquatableList<string> Paths);
