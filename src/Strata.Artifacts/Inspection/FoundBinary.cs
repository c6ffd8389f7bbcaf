using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>An ELF file of a layer.</summary>
/// <param name="Path">Relative to the root, as <see cref="Tar.ByteText"/>.</param>
/// <param name="Package">Name of the package of the system that brought it; null when none owns it.</param>
public sealed record FoundBinary(string Path, string? Package, ElfFile Elf)
{
    /// <summary>The host starts or loads it; firmware and code for other processors than the host's are not.</summary>
    public bool IsForHost => Elf is { Kind: not ElfKind.Object, Architecture: not null } && !Path.Contains("lib/firmware/", StringComparison.Ordinal);

    /// <summary>As <c>layer.json</c> has it.</summary>
    public Binary Describe() => new(Printable.Path(Path), Elf.Architecture ?? $"elf-{Elf.Machine}")
    {
        Soname = Elf.Soname,
        Needed = Elf.Needed,
        Interpreter = Elf.Interpreter,
        BuildId = Elf.BuildId,
        Package = Package,
    };
}
