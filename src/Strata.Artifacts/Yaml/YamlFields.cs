using System.Globalization;
using Strata.Model.Identity;

namespace Strata.Artifacts.Yaml;

/// <summary>Reads a mapping field by field, notes every mistake, and at <see cref="Close"/> reports keys that nobody asked for.</summary>
/// <remarks>
/// A getter that meets a mistake notes it and returns null; the reader goes on, and the document is refused at the end.
/// A value written as nothing (<c>key:</c> or <c>~</c>) counts as absent.
/// </remarks>
public sealed class YamlFields
{
    private readonly Dictionary<string, YamlEntry> _entries;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly MistakeList _mistakes;
    private readonly string _what;

    private YamlFields(YamlMapping mapping, string what, MistakeList mistakes)
    {
        (Mark, _what, _mistakes) = (mapping.Mark, what, mistakes);
        _entries = mapping.Entries.ToDictionary(e => e.Key.Value, StringComparer.Ordinal);
    }

    /// <summary>Where the mapping begins.</summary>
    public YamlMark Mark { get; }

    /// <summary>The keys as they were written.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The fields of <paramref name="node"/>; null, with a mistake noted, when it is no mapping.</summary>
    /// <param name="what">What the mapping is, for messages: <c>an item</c>.</param>
    public static YamlFields? Of(YamlNode? node, string what, MistakeList mistakes)
    {
        if (node is YamlMapping mapping) return new(mapping, what, mistakes);
        if (node is not null) mistakes.Add(node.Mark, $"{Sentence(what)} must be a mapping of keys to values, and this is {node.Kind}.");
        return null;
    }

    /// <summary>Whether the key was written, with a value or not.</summary>
    public bool Has(string key) => Entry(key) is not null;

    /// <summary>Where the value of <paramref name="key"/> stands; the mapping's own place when the key is absent.</summary>
    public YamlMark MarkOf(string key) => Entry(key)?.Value.Mark ?? Mark;

    /// <summary>The value; null when absent.</summary>
    public YamlNode? Node(string key) => Entry(key)?.Value is { } value and not YamlScalar { IsNull: true } ? value : null;

    /// <summary>The value; null with a mistake when absent.</summary>
    public YamlNode? RequiredNode(string key)
    {
        if (Node(key) is { } node) return node;
        _mistakes.Add(MarkOf(key), $"{Sentence(_what)} needs '{key}'{(Has(key) ? ", and it is empty" : "")}.");
        return null;
    }

    /// <summary>A text; null when absent.</summary>
    public string? Text(string key) => AsText(key, Node(key));

    /// <summary>A text; null with a mistake when absent.</summary>
    public string? RequiredText(string key) => AsText(key, RequiredNode(key));

    /// <summary>A text turned into a value by <paramref name="parse"/>, whose second result is the sentence to report.</summary>
    public T? Parsed<T>(string key, Func<string, (T? Value, string? Problem)> parse) where T : class => Parsed(key, Text(key), parse);

    /// <inheritdoc cref="Parsed{T}(string, Func{string, ValueTuple{T, string}})"/>
    public T? RequiredParsed<T>(string key, Func<string, (T? Value, string? Problem)> parse) where T : class => Parsed(key, RequiredText(key), parse);

    /// <summary>A whole number between two limits, both included; null when absent.</summary>
    public long? Integer(string key, long least, long most)
    {
        if (Text(key) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _mistakes.Add(MarkOf(key), string.Create(CultureInfo.InvariantCulture, $"'{key}' must be {(least == most ? $"{least}" : $"a whole number from {least} to {most}")}, not '{Quote.Short(text)}'."));
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>; null when absent.</summary>
    public bool? Boolean(string key)
    {
        switch (Text(key))
        {
            case null: return null;
            case "true" or "True" or "TRUE": return true;
            case "false" or "False" or "FALSE": return false;
            case var other:
                _mistakes.Add(MarkOf(key), $"'{key}' must be true or false, not '{Quote.Short(other)}'.");
                return null;
        }
    }

    /// <summary>The items of a list; empty when absent.</summary>
    public IReadOnlyList<YamlNode> Items(string key)
    {
        switch (Node(key))
        {
            case null: return [];
            case YamlSequence list: return list.Items;
            case var other:
                _mistakes.Add(other.Mark, $"'{key}' must be a list, and this is {other.Kind}; begin each entry with '- '.");
                return [];
        }
    }

    /// <summary>A list of texts; empty when absent.</summary>
    public EquatableList<string> Texts(string key)
    {
        var texts = new List<string>();
        foreach (var item in Items(key))
            if (AsText(key, item) is { } text) texts.Add(text);
        return texts.ToEquatableList();
    }

    /// <summary>A mapping; null when absent.</summary>
    public YamlFields? Fields(string key, string what) => Of(Node(key), what, _mistakes);

    /// <summary>A mapping; null with a mistake when absent.</summary>
    public YamlFields? RequiredFields(string key, string what) => Of(RequiredNode(key), what, _mistakes);

    /// <summary>A list of mappings; empty when absent.</summary>
    public IReadOnlyList<YamlFields> List(string key, string what) => [.. Items(key).Select(i => Of(i, what, _mistakes)).OfType<YamlFields>()];

    /// <summary>Keys that are right to write and that Strata does nothing with.</summary>
    public void Accept(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) _known.Add(key);
    }

    /// <summary>Notes a mistake at the value of <paramref name="key"/>.</summary>
    public void Refuse(string key, string message) => _mistakes.Add(MarkOf(key), message);

    /// <summary>Reports every key that no getter asked for, with the nearest that one would.</summary>
    public void Close()
    {
        foreach (var entry in _entries.Values.Where(e => !_known.Contains(e.Key.Value)))
        {
            var known = _known.Where(k => !_entries.ContainsKey(k)).ToList();
            var hint = NearestName.To(entry.Key.Value, known) is { } near
                ? $"did you mean '{near}'?"
                : $"known here are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.";
            _mistakes.Add(entry.Key.Mark, $"{Sentence(_what)} has no key '{Quote.Short(entry.Key.Value)}'; {hint}");
        }
    }

    private T? Parsed<T>(string key, string? text, Func<string, (T? Value, string? Problem)> parse) where T : class
    {
        if (text is null) return null;
        var (value, problem) = parse(text);
        if (problem is not null) Refuse(key, problem);
        return problem is null ? value : null;
    }

    private string? AsText(string key, YamlNode? node)
    {
        if (node is YamlScalar { IsNull: false } scalar) return scalar.Value;
        if (node is not null) _mistakes.Add(node.Mark, $"'{key}' must be a text, and this is {node.Kind}.");
        return null;
    }

    private YamlEntry? Entry(string key)
    {
        _known.Add(key);
        return _entries.GetValueOrDefault(key);
    }

    private static string Sentence(string what) => char.ToUpperInvariant(what[0]) + what[1..];
}
