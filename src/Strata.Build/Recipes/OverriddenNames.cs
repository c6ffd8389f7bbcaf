namespace Strata.Build.Recipes;

/// <summary>Which names with overrides there are for a name, <c>A:one:two</c> for <c>A</c> and for <c>A:one</c>.</summary>
/// <remarks>A part is an override when it begins with a lower-case letter or a digit.</remarks>
internal sealed class OverriddenNames
{
    private readonly Dictionary<string, List<Entry>> _byShortName = new(StringComparer.Ordinal);

    /// <summary>The names for <paramref name="name"/>, in the order in which they came up; null when there are none.</summary>
    public IReadOnlyList<Entry>? Of(string name) => _byShortName.GetValueOrDefault(name);

    /// <summary>All names that have some.</summary>
    public IEnumerable<string> ShortNames => _byShortName.Keys;

    /// <summary>Notes <paramref name="name"/> for every shorter form of it.</summary>
    public void Add(string name)
    {
        foreach (var (shortName, over) in Splits(name))
        {
            if (!_byShortName.TryGetValue(shortName, out var entries)) _byShortName[shortName] = entries = [];
            if (!entries.Contains(new(name, over))) entries.Add(new(name, over));
        }
    }

    /// <summary>Forgets <paramref name="name"/> for every shorter form of it, and all that was noted for itself.</summary>
    public void Remove(string name)
    {
        _byShortName.Remove(name);
        if (!name.Contains(':', StringComparison.Ordinal)) return;
        foreach (var (shortName, over) in Splits(name))
        {
            if (_byShortName.TryGetValue(shortName, out var entries)) entries.Remove(new(name, over));
        }
    }

    /// <summary>Takes out what was noted for <paramref name="name"/>, to be noted again under another.</summary>
    public IReadOnlyList<Entry>? Take(string name) => _byShortName.Remove(name, out var entries) ? entries : null;

    /// <summary>Notes <paramref name="entries"/>, and only them, for <paramref name="name"/>.</summary>
    public void Replace(string name, IEnumerable<Entry> entries) => _byShortName[name] = [.. entries];

    // A name without overrides counts as an override of itself without its last letter; BitBake does so with what :append is used on.
    private static IEnumerable<(string ShortName, string Override)> Splits(string name)
    {
        if (name.Length == 0) yield break;
        var colon = name.LastIndexOf(':');
        var (shortName, over) = colon < 0 ? (name[..^1], name) : (name[..colon], name[(colon + 1)..]);
        while (over.Length > 0 && (char.IsAsciiLetterLower(over[0]) || char.IsAsciiDigit(over[0])))
        {
            yield return (shortName, over);
            colon = shortName.LastIndexOf(':');
            if (colon <= 0) yield break;
            (shortName, over) = (name[..colon], name[(colon + 1)..]);
        }
    }

    /// <summary>A full name, and the overrides in it.</summary>
    public sealed record Entry(string Name, string Override);
}
