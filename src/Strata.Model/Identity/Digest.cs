using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Strata.Model.Identity;

/// <summary>The SHA-256 of a file as it is stored and served, in OCI's spelling: <c>sha256:</c> and 64 lower-case hex digits.</summary>
/// <remarks>
/// For a compressed layer this names the compressed file; what is inside it is named by <see cref="DiffId"/>.
/// Source: OCI image-spec 1.1, descriptor.md, "Digests". Other algorithms are refused on purpose.
/// </remarks>
public readonly record struct Digest : IParsable<Digest>
{
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>64 lower-case hex digits, without the algorithm.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no content.</exception>
    public string Hex => _hex ?? throw new InvalidOperationException("An unset digest was used.");

    /// <summary>The digest whose hash is <paramref name="sha256"/>, 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> sha256) => new(Sha256Text.FromHash(sha256));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Digest result)
    {
        var ok = Sha256Text.TryParse(s, out var hex);
        result = ok ? new(hex!) : default;
        return ok;
    }

    /// <summary>Reads <c>sha256:</c> and 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Digest Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var digest)
        ? digest
        : throw new FormatException($"'{Quote.Short(s)}' is not a digest; sha256: and 64 lower-case hex digits are expected.");

    /// <summary><c>sha256:</c> and the hex digits.</summary>
    public override string ToString() => Sha256Text.Prefix + Hex;
}

/// <summary>The SHA-256 of a layer's uncompressed tar: the name of its content, however it was compressed.</summary>
/// <remarks>Source: OCI image-spec 1.1, config.md, "Layer DiffID".</remarks>
public readonly record struct DiffId : IParsable<DiffId>
{
    private readonly string? _hex;

    private DiffId(string hex) => _hex = hex;

    /// <inheritdoc cref="Digest.Hex"/>
    public string Hex => _hex ?? throw new InvalidOperationException("An unset diff id was used.");

    /// <inheritdoc cref="Digest.FromHash"/>
    public static DiffId FromHash(ReadOnlySpan<byte> sha256) => new(Sha256Text.FromHash(sha256));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DiffId result)
    {
        var ok = Sha256Text.TryParse(s, out var hex);
        result = ok ? new(hex!) : default;
        return ok;
    }

    /// <inheritdoc cref="Digest.Parse"/>
    public static DiffId Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var id)
        ? id
        : throw new FormatException($"'{Quote.Short(s)}' is not a diff id; sha256: and 64 lower-case hex digits are expected.");

    /// <inheritdoc cref="Digest.ToString"/>
    public override string ToString() => Sha256Text.Prefix + Hex;
}

internal static class Sha256Text
{
    public const string Prefix = "sha256:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string FromHash(ReadOnlySpan<byte> sha256) => sha256.Length == 32
        ? Convert.ToHexStringLower(sha256)
        : throw new ArgumentException($"SHA-256 has 32 bytes, not {sha256.Length}.", nameof(sha256));

    public static bool TryParse(string? text, out string? hex)
    {
        hex = text is { Length: 71 }
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits)
                ? text[Prefix.Length..]
                : null;
        return hex is not null;
    }
}
