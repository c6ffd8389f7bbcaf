using System.Buffers;
using System.Buffers.Binary;

namespace Strata.Model.Identity;

/// <summary>A SHA-256 as 32 bytes by value, without an object of its own: a large catalogue holds millions of them.</summary>
/// <remarks>
/// The words are kept under a mask, so that <c>default</c> is not the hash of 64 zeros, which people write as an example, but a value that
/// nobody meets: the first 256 bits of the fraction of pi. That one cannot be represented.
/// </remarks>
internal readonly record struct Sha256Value
{
    public const string Prefix = "sha256:";
    private const int Length = 32;
    private const ulong Mask0 = 0x243f6a8885a308d3, Mask1 = 0x13198a2e03707344, Mask2 = 0xa4093822299f31d0, Mask3 = 0x082efa98ec4e6c89;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly ulong _word0, _word1, _word2, _word3;

    private Sha256Value(ReadOnlySpan<byte> hash)
    {
        _word0 = BinaryPrimitives.ReadUInt64BigEndian(hash) ^ Mask0;
        _word1 = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]) ^ Mask1;
        _word2 = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]) ^ Mask2;
        _word3 = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]) ^ Mask3;
    }

    /// <summary>False for <c>default</c>.</summary>
    public bool IsSet => (_word0 | _word1 | _word2 | _word3) != 0;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex
    {
        get
        {
            Span<byte> hash = stackalloc byte[Length];
            BinaryPrimitives.WriteUInt64BigEndian(hash, _word0 ^ Mask0);
            BinaryPrimitives.WriteUInt64BigEndian(hash[8..], _word1 ^ Mask1);
            BinaryPrimitives.WriteUInt64BigEndian(hash[16..], _word2 ^ Mask2);
            BinaryPrimitives.WriteUInt64BigEndian(hash[24..], _word3 ^ Mask3);
            return Convert.ToHexStringLower(hash);
        }
    }

    public static Sha256Value FromHash(ReadOnlySpan<byte> sha256) => sha256.Length == Length
        ? new(sha256)
        : throw new ArgumentException($"SHA-256 has {Length} bytes, not {sha256.Length}.", nameof(sha256));

    /// <summary>Reads the prefix and 64 lower-case hex digits.</summary>
    public static bool TryParse(string? text, out Sha256Value value)
    {
        value = default;
        if (text is not { Length: 71 } || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var hex = text.AsSpan(Prefix.Length);
        Span<byte> hash = stackalloc byte[Length];
        if (hex.ContainsAnyExcept(HexDigits) || Convert.FromHexString(hex, hash, out _, out _) != OperationStatus.Done) return false;
        value = new(hash);
        return value.IsSet;
    }
}
