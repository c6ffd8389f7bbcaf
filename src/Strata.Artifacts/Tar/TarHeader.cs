using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Strata.Artifacts.Tar;

/// <summary>The 512 bytes before each entry: field positions, numbers, checksum.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format", for base-256 numbers.</remarks>
internal static class TarHeader
{
    public const int BlockSize = 512;
    public const int NameLength = 100;
    public const int PrefixLength = 155;
    public const long MaxOctal11 = (1L << 33) - 1;
    public const long MaxOctal7 = (1L << 21) - 1;

    public static readonly Range Name = 0..100;
    public static readonly Range Mode = 100..108;
    public static readonly Range Uid = 108..116;
    public static readonly Range Gid = 116..124;
    public static readonly Range Size = 124..136;
    public static readonly Range ModifiedAt = 136..148;
    public static readonly Range Checksum = 148..156;
    public const int TypeFlag = 156;
    public static readonly Range LinkName = 157..257;
    public static readonly Range Magic = 257..265;
    public static readonly Range DeviceMajor = 329..337;
    public static readonly Range DeviceMinor = 337..345;
    public static readonly Range Prefix = 345..500;

    public static ReadOnlySpan<byte> UstarMagic => "ustar\000"u8;

    /// <summary>Octal with leading zeros and a NUL at the end of the field.</summary>
    public static void PutOctal(Span<byte> field, long value)
    {
        for (var at = field.Length - 2; at >= 0; at--, value >>= 3) field[at] = (byte)('0' + (value & 7));
        if (value != 0) throw new ArgumentOutOfRangeException(nameof(value), "The number does not fit its field.");
        field[^1] = 0;
    }

    /// <summary>Fills in the checksum, once every other field is there.</summary>
    public static void Seal(Span<byte> block)
    {
        PutOctal(block[Checksum][..7], Sum(block));
        block[Checksum][7] = (byte)' ';
    }

    /// <summary>Whether the checksum holds; old tars that summed signed bytes pass too.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> block)
    {
        if (!TryGetNumber(block[Checksum], out var stated)) return false;
        if (stated == Sum(block)) return true;
        long signed = 0;
        for (var i = 0; i < BlockSize; i++) signed += i is >= 148 and < 156 ? ' ' : (sbyte)block[i];
        return stated == signed;
    }

    private static long Sum(ReadOnlySpan<byte> block)
    {
        long sum = 0;
        for (var i = 0; i < BlockSize; i++) sum += i is >= 148 and < 156 ? ' ' : block[i];
        return sum;
    }

    /// <summary>Octal, possibly padded with blanks and NULs, or GNU's base-256.</summary>
    public static bool TryGetNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0) return TryGetBase256(field, out value);
        field = field.Trim(" \0"u8);
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3) return false;
            value = (value << 3) | (uint)(digit - '0');
        }
        return true;
    }

    private static bool TryGetBase256(ReadOnlySpan<byte> field, out long value)
    {
        var low = field[^8..];
        value = field.Length > 8 ? BinaryPrimitives.ReadInt64BigEndian(low) : BinaryPrimitives.ReadInt64BigEndian(low) & long.MaxValue;
        if (field.Length == 8)
        {
            // 0xFF leads a negative number, 0x80 a positive one: the marker bit is not part of the value.
            if (field[0] == 0xFF) value |= long.MinValue;
            return field[0] is 0x80 or 0xFF;
        }
        var sign = field[0] == 0xFF ? (byte)0xFF : (byte)0;
        return field[0] is 0x80 or 0xFF && !field[1..^8].ContainsAnyExcept(sign) && (value < 0) == (sign != 0);
    }

    /// <summary>The bytes of a text field, up to its NUL.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    /// <summary>Bytes from the end of the content to the next block.</summary>
    public static int Padding(long size) => (int)(-size & (BlockSize - 1));

    /// <summary>One PAX record: its own length, a blank, key, equals sign, value, newline.</summary>
    public static void AppendPaxRecord(MemoryStream records, string key, ReadOnlySpan<byte> value)
    {
        var keyBytes = ByteText.ToBytes(key);
        var rest = keyBytes.Length + value.Length + 3;
        var length = rest + Digits(rest);
        if (Digits(length) != Digits(rest)) length = rest + Digits(length);
        records.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        records.WriteByte((byte)' ');
        records.Write(keyBytes);
        records.WriteByte((byte)'=');
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;
}
