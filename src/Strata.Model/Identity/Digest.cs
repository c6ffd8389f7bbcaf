using System.Diagnostics.CodeAnalysis;

namespace Strata.Model.Identity;

/// <summary>The SHA-256 of a file as it is stored and served, in OCI's spelling: <c>sha256:</c> and 64 lower-case hex digits.</summary>
/// <remarks>
/// For a compressed layer this names the compressed file; what is inside it is named by <see cref="DiffId"/>.
/// Source: OCI image-spec 1.1, descriptor.md, "Digests". Other algorithms are refused on purpose.
/// </remarks>
public readonly record struct Digest : IParsable<Digest>
{
    private readonly Sha256Value _value;

    private Digest(Sha256Value value) => _value = value;

    /// <summary>64 lower-case hex digits, without the algorithm.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no content.</exception>
    public string Hex => _value.IsSet ? _value.Hex : throw new InvalidOperationException("An unset digest was used.");

    /// <summary>The digest whose hash is <paramref name="sha256"/>, 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> sha256) => new(Sha256Value.FromHash(sha256));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Digest result)
    {
        var ok = Sha256Value.TryParse(s, out var value);
        result = new(value);
        return ok;
    }

    /// <summary>Reads <c>sha256:</c> and 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Digest Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var digest)
        ? digest
        : throw new FormatException($"'{Quote.Short(s)}' is not a digest; sha256: and 64 lower-case hex digits are expected.");

    /// <summary><c>sha256:</c> and the hex digits.</summary>
    public override string ToString() => Sha256Value.Prefix + Hex;
}
