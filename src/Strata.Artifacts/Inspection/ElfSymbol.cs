namespace Strata.Artifacts.Inspection;

/// <summary>How strongly a symbol binds.</summary>
public enum ElfBinding
{
    /// <summary>It has to be there.</summary>
    Global,

    /// <summary>It may be missing, and gives way to a global one.</summary>
    Weak,

    /// <summary>There is one of it in the whole process (GNU).</summary>
    Unique,
}

/// <summary>One name that an ELF file gives to others or takes from them.</summary>
/// <param name="Name">As the linker wrote it; C++ names are mangled.</param>
/// <param name="Version">Version that it is bound to, <c>GLIBC_2.34</c>; null when it has none.</param>
/// <param name="Binding">How strongly it binds.</param>
/// <param name="IsDefined">It is given; otherwise it is taken from another file.</param>
/// <remarks>Source: System V ABI, chapter 4, "Symbol Table"; Linux Standard Base 5, "Symbol Versioning".</remarks>
public readonly record struct ElfSymbol(string Name, string? Version, ElfBinding Binding, bool IsDefined)
{
    /// <summary>Symbols of one file that are read; a file with more is taken for broken. The largest real ones have about half a million.</summary>
    public const int Most = 1 << 20;

    /// <summary>Of a defined symbol with a version: it is kept for older programs, new ones are not linked to it.</summary>
    public bool IsOld { get; init; }

    /// <summary>Of a symbol that is taken with a version: soname of the file that has to give it. Of one that is given: it is a program's copy of that file's.</summary>
    public string? From { get; init; }

    /// <summary>As <c>nm -D</c> writes it: <c>read@@GLIBC_2.2.5</c> for what is given, one sign for an old version or for what is taken.</summary>
    public override string ToString() => Version is null ? Name : IsDefined && !IsOld ? $"{Name}@@{Version}" : $"{Name}@{Version}";
}
