using System.Buffers.Binary;

namespace Strata.Artifacts.Inspection;

/// <summary>The machine that an ELF file is for, from its first bytes alone.</summary>
/// <remarks>Source: System V ABI, chapter 4, "ELF Header"; the machine numbers of its registry.</remarks>
public static class ElfMachine
{
    /// <summary>Bytes of a file that have to be looked at.</summary>
    public const int HeadLength = 20;

    private const int DataEncoding = 5, Machine = 18;
    private const byte BigEndian = 2;

    /// <summary>OCI's name of the machine; <c>other</c> for one without a name there; null when it is no ELF file.</summary>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeadLength || !head.StartsWith("\u007fELF"u8)) return null;
        var field = head.Slice(Machine, 2);
        return (head[DataEncoding] == BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(field) : BinaryPrimitives.ReadUInt16LittleEndian(field)) switch
        {
            3 => "386",
            40 => "arm",
            62 => "amd64",
            183 => "arm64",
            243 => "riscv64",
            _ => "other",
        };
    }
}
