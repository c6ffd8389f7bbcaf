using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Strata.Hub.Catalogues;

/// <summary>The place of a hit in everything that a search finds. New layers and versions do not move it; it lasts until the index is made anew.</summary>
/// <param name="Pass">Which pass over the index found it.</param>
/// <param name="Key">What the pass is ordered by; empty where it is ordered by number alone.</param>
/// <param name="Thing">Number of the library or file.</param>
/// <param name="Track">Number of the layer and platform.</param>
public sealed record CatalogueCursor(int Pass, string Key, int Thing, int Track)
{
    private const int LongestText = 1024;

    /// <summary>The form that stands in addresses.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Pass}.{Thing}.{Track}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Key))}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CatalogueCursor? cursor)
    {
        cursor = null;
        if (text.Length > LongestText || text.Split('.') is not [var pass, var thing, var track, var key]) return false;
        if (!Number(pass, out var passNumber) || !Number(thing, out var thingNumber) || !Number(track, out var trackNumber) || !Base64Url.IsValid(key)) return false;
        key = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key));
        if (key.Contains('\0', StringComparison.Ordinal)) return false; // no database takes one
        cursor = new(passNumber, key, thingNumber, trackNumber);
        return true;
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
