using Strata.Model.Identity;

namespace Strata.Model.Layers;

/// <summary>One library, package or module that a layer brings.</summary>
/// <param name="Type">Where it was found: <c>deb</c>, <c>opkg</c>, <c>rpm</c>, <c>python</c>, <c>npm</c>, <c>elf</c>.</param>
public sealed record Library(string Name, string Version, string Type)
{
    /// <summary>Licence as the package states it; null when it states none.</summary>
    public string? License { get; init; }

    /// <summary>Package URL, <c>pkg:deb/debian/python3-six@1.16.0-4?arch=all</c>; null for an ELF file that belongs to no package.</summary>
    public string? Purl { get; init; }

    /// <summary>Name of the package of the system (deb, opkg, rpm) that brought it; null for such a package itself and for what none owns.</summary>
    public string? Package { get; init; }

    /// <summary>Number of files in the layer that belong to it.</summary>
    public int Files { get; init; }

    /// <summary>Sonames of the shared objects it brings, in ordinal order.</summary>
    public EquatableList<string> Sonames { get; init; } = [];
}
