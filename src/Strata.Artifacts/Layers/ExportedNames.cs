using Strata.Artifacts.Inspection;

namespace Strata.Artifacts.Layers;

/// <summary>What the shared objects of a layer give to others: sonames, and under each the symbols it exports.</summary>
internal static class ExportedNames
{
    /// <summary>Inspects a layer as far as a comparison needs it.</summary>
    public static Task<InspectedLayer> InspectAsync(Stream file, Func<Stream>? spool, CancellationToken cancellation) =>
        LayerInspector.InspectFileAsync(file, new() { Symbols = true, Spool = spool }, cancellation);

    /// <summary>The exported symbols by soname, <c>read@GLIBC_2.2.5</c>; every soname also has the empty one.</summary>
    /// <remarks>Whether a version is the one that new programs get is no matter to those that are linked already.</remarks>
    public static ILookup<string, string> Of(InspectedLayer layer) => layer.Content.Binaries
        .Where(b => b is { IsForHost: true, Elf.Soname.Length: > 0 })
        .SelectMany(b => b.Elf.Symbols.Where(IsPromise).Select(s => s.Version is null ? s.Name : $"{s.Name}@{s.Version}").Append("").Select(name => (Soname: b.Elf.Soname!, Name: name)))
        .Distinct()
        .ToLookup(s => s.Soname, s => s.Name);

    // Weak symbols of C++ are inline functions and templates, of which every user has a copy: each compiler release exports others.
    private static bool IsPromise(ElfSymbol symbol) =>
        symbol.IsDefined && !(symbol.Binding != ElfBinding.Global && symbol.Name.StartsWith("_Z", StringComparison.Ordinal));
}
