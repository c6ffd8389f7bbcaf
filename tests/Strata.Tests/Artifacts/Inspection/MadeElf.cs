using System.Buffers.Binary;
using System.Text;

namespace Strata.Tests.Artifacts.Inspection;

/// <summary>ELF files by hand.</summary>
internal static class MadeElf
{
    /// <summary>A shared object of 32 bits that gives so many symbols, named in turn; by its size no more than the names and 16 bytes for each.</summary>
    public static byte[] WithSymbols(int count, string[] names)
    {
        var table = Encoding.UTF8.GetBytes(string.Concat(names.Select(n => n + '\0')));
        var starts = names.Select((_, i) => names.Take(i).Sum(n => Encoding.UTF8.GetByteCount(n) + 1)).ToArray();
        var file = new byte[512 + (count * 16) + table.Length];
        Small(8, isLittle: true).CopyTo(file.AsSpan());
        void Word(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        var (symbols, strings) = (512, 512 + (count * 16));
        table.CopyTo(file, strings);
        for (var i = 1; i < count; i++)
        {
            Word(symbols + (i * 16), starts[i % starts.Length]);
            file[symbols + (i * 16) + 12] = 0x10;
        }
        // dynamic: names, symbols, and how many by the old hash table, for which the last words of the header area serve
        var at = 200;
        foreach (var (tag, value) in new[] { (5, strings), (10, table.Length), (6, symbols), (4, 400), (0, 0) })
        {
            Word(at, tag);
            Word(at + 4, value);
            at += 8;
        }
        Word(404, count);
        Word(52 + 16, file.Length);
        Word(84 + 4, 200);
        Word(84 + 16, 80);
        return file;
    }

    /// <summary>A shared object of 32 bits by hand: header, one segment for all, one for the dynamic section, names, symbols, hash table.</summary>
    public static byte[] Small(int machine, bool isLittle)
    {
        var file = new byte[512];
        "\u007fELF\u0001"u8.CopyTo(file);
        file[5] = (byte)(isLittle ? 1 : 2);
        void Half(int at, int value) { if (isLittle) BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), (short)value); else BinaryPrimitives.WriteInt16BigEndian(file.AsSpan(at), (short)value); }
        void Word(int at, int value) { if (isLittle) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value); else BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), value); }
        Half(16, 3);
        Half(18, machine);
        Word(28, 52);
        Half(42, 32);
        Half(44, 2);
        void Segment(int at, int type, int offset, int length)
        {
            Word(at, type);
            Word(at + 4, offset);
            Word(at + 8, offset);
            Word(at + 16, length);
        }
        Segment(52, 1, 0, 512);
        Segment(84, 2, 120, 72);
        var names = "\0libx.so\0liby.so\0give\0take\0$ORIGIN:/opt\0";
        Encoding.ASCII.GetBytes(names, file.AsSpan(256));
        int At(string name) => names.IndexOf(name, StringComparison.Ordinal);
        var tag = 120;
        foreach (var (key, value) in new[] { (1, At("liby")), (14, At("libx")), (29, At("$OR")), (5, 256), (10, names.Length), (6, 320), (4, 400), (0, 0) })
        {
            Word(tag, key);
            Word(tag + 4, value);
            tag += 8;
        }
        Word(336, At("give"));
        file[336 + 12] = 0x12;
        Half(336 + 14, 1);
        Word(352, At("take"));
        file[352 + 12] = 0x20;
        Word(400, 1);
        Word(404, 3);
        return file;
    }
}
