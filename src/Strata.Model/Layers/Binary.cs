using Strata.Model.Identity;

namespace Strata.Model.Layers;

/// <summary>One ELF file of a layer: what the loader needs to know of it, but for the symbols.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Architecture">OCI's name for its machine; <c>elf-</c> and the machine's number where OCI has none.</param>
public sealed record Binary(string Path, string Architecture)
{
    /// <summary>Its own name for the loader; null when it has none, as programs and plug-ins do.</summary>
    public string? Soname { get; init; }

    /// <summary>Sonames it needs, in its own order.</summary>
    public EquatableList<string> Needed { get; init; } = [];

    /// <summary>The loader it asks for; null for all but programs.</summary>
    public string? Interpreter { get; init; }

    /// <summary>GNU build id in lower-case hex; null when it has none.</summary>
    public string? BuildId { get; init; }

    /// <summary>Name of the package of the system that brought it; null when none owns it.</summary>
    public string? Package { get; init; }
}
