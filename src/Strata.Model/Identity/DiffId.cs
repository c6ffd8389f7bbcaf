using System.Diagnostics.CodeAnalysis;

namespace Strata.Model.Identity;

/// <summary>The SHA-256 of a layer's uncompressed tar: the name of its content, however it was compressed.</summary>
/// <remarks>Source: OCI image-spec 1.1, config.md, "Layer DiffID".</remarks>
public readonly record struct DiffId : IParsable<DiffId>
{
    private readonly Sha256Value _value;

    private DiffId(Sha256Value value) => _value = value;

    /// <inheritdoc cref="Digest.Hex"/>
    public string Hex => _value.IsSet ? _value.Hex : throw new InvalidOperationException("An unset diff id was used.");

    /// <inheritdoc cref="Digest.FromHash"/>
    public static DiffId FromHash(ReadOnlySpan<byte> sha256) => new(Sha256Value.FromHash(sha256));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DiffId result)
    {
        var ok = Sha256Value.TryParse(s, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc cref="Digest.Parse"/>
    public static DiffId Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var id)
        ? id
        : throw new FormatException($"'{Quote.Short(s)}' is not a diff id; sha256: and 64 lower-case hex digits are expected.");

    /// <inheritdoc cref="Digest.ToString"/>
    public override string ToString() => Sha256Value.Prefix + Hex;
}
