using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>What sort of ELF file it is.</summary>
public enum ElfKind
{
    /// <summary>Not linked yet: an object file, a kernel module.</summary>
    Object,

    /// <summary>Linked to a fixed address, or with a loader of its own: it can be started.</summary>
    Program,

    /// <summary>A shared object.</summary>
    Shared,
}

/// <summary>What an ELF file says to the loader.</summary>
/// <param name="Machine">Number of the machine in the ELF registry, 62 for x86-64.</param>
/// <param name="Bits">32 or 64.</param>
/// <param name="IsLittleEndian">Its byte order.</param>
/// <remarks>Source: System V ABI, chapters 4 and 5, and its registry of machines; Linux Standard Base 5, "Symbol Versioning".</remarks>
public sealed record ElfFile(int Machine, int Bits, bool IsLittleEndian)
{
    private const int SmallestHeader = 52;

    /// <summary>What sort of file it is.</summary>
    public ElfKind Kind { get; init; }

    /// <summary>Its own name for the loader; null when it has none.</summary>
    public string? Soname { get; init; }

    /// <summary>Sonames it needs, in its own order.</summary>
    public EquatableList<string> Needed { get; init; } = [];

    /// <summary>Folders where it looks for them first, as it writes them; <c>$ORIGIN</c> is its own folder.</summary>
    public EquatableList<string> RunPath { get; init; } = [];

    /// <summary>The loader it asks for; null for all but programs.</summary>
    public string? Interpreter { get; init; }

    /// <summary>GNU build id in lower-case hex; null when it has none.</summary>
    public string? BuildId { get; init; }

    /// <summary>Dynamic symbols, those that it defines first, each part in ordinal order of name and version; empty unless they were asked for.</summary>
    public EquatableList<ElfSymbol> Symbols { get; init; } = [];

    /// <summary>OCI's name for the machine; null for one that OCI has no name for, such as a graphics card's.</summary>
    public string? Architecture => (Machine, Bits, IsLittleEndian) switch
    {
        (3, _, _) => "386",
        (8, 64, true) => "mips64le",
        (8, 64, false) => "mips64",
        (8, _, true) => "mipsle",
        (8, _, false) => "mips",
        (21, _, true) => "ppc64le",
        (21, _, false) => "ppc64",
        (22, 64, _) => "s390x",
        (40, _, _) => "arm",
        (62, _, _) => "amd64",
        (183, _, _) => "arm64",
        (243, 64, _) => "riscv64",
        (258, 64, _) => "loong64",
        _ => null,
    };

    /// <summary>Whether these are the first bytes of an ELF file.</summary>
    public static bool IsElf(ReadOnlySpan<byte> start) => start.StartsWith("\u007fELF"u8);

    /// <summary>Reads a file; null when it is no ELF file or a broken one.</summary>
    /// <param name="file">Can be sought in; read wherever the file's own tables point to.</param>
    /// <param name="symbols">Whether to read its dynamic symbols, at most <see cref="ElfSymbol.Most"/>.</param>
    public static ElfFile? Read(Stream file, bool symbols = false)
    {
        if (file.Length < SmallestHeader) return null;
        try
        {
            return new ElfReader(file).Read(symbols);
        }
        catch (ElfReader.BrokenException)
        {
            return null;
        }
    }
}
