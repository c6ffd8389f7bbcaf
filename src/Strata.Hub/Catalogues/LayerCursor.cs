using System.Buffers.Text;
using System.Text;
using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>A place in the list of layers: behind a layer, by owner and codename. Layers that come and go do not move it.</summary>
internal static class LayerCursor
{
    private const int LongestText = 1024;

    /// <summary>The place behind <paramref name="layer"/>, as it stands in addresses.</summary>
    public static string Of(Layer layer) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Key(layer)));

    /// <summary>The place that a request asks for; null without, and when it is none, which joins <paramref name="mistakes"/>.</summary>
    public static string? After(IQueryCollection query, List<string> mistakes)
    {
        if (QueryWords.Text(query, "cursor") is not { } cursor) return null;
        if (query.ContainsKey("offset")) mistakes.Add("offset: a cursor says already where to go on; give one of the two.");
        if (cursor.Length <= LongestText && Base64Url.IsValid(cursor)) return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        mistakes.Add("cursor: the next_cursor of an earlier answer of this list is expected.");
        return null;
    }

    /// <summary>Whether a layer stands before or at the place.</summary>
    public static bool IsUpTo(Layer layer, string place) => string.CompareOrdinal(Key(layer), place) <= 0;

    // The catalogue's own order.
    private static string Key(Layer layer) => $"{layer.Key.Owner}\n{layer.Key.Codename}";
}
