using System.Globalization;
using System.Text;
using Strata.Model.Identity;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Strata.Artifacts.Yaml;

/// <summary>Reads one YAML document into nodes that know their place.</summary>
/// <remarks>
/// What a configuration does not need is refused by name, since it is only a way to surprise a reader:
/// anchors, aliases, merge keys, tags, several documents, keys that are not text, the same key twice.
/// Bounds: 1 MiB, 32 levels, 100,000 nodes.
/// Source: yaml.org 1.2.2 for the syntax, which YamlDotNet's event parser reads.
/// </remarks>
public sealed class YamlDocument
{
    private const int MaxBytes = 1 << 20;
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly MistakeList _mistakes;
    private readonly Parser _parser;
    private readonly List<RepeatedList>? _repeated;
    private int _nodes;

    private YamlDocument(string text, MistakeList mistakes, List<RepeatedList>? repeated)
    {
        (_mistakes, _repeated) = (mistakes, repeated);
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads UTF-8 bytes.</summary>
    /// <param name="mistakes">Receives everything that is wrong.</param>
    /// <returns>The root; null when the document is empty or its syntax ends the reading. A root can come with mistakes.</returns>
    public static YamlNode? Read(ReadOnlySpan<byte> utf8, MistakeList mistakes)
    {
        if (utf8.Length > MaxBytes)
        {
            mistakes.Add(new(1, 1), $"The file has more than {MaxBytes:N0} bytes; that is no configuration.".Replace(',', ' '));
            return null;
        }
        try
        {
            return Read(StrictUtf8.GetString(utf8), mistakes);
        }
        catch (DecoderFallbackException)
        {
            mistakes.Add(new(1, 1), "The file is not UTF-8 text; save it as UTF-8.");
            return null;
        }
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, MistakeList)"/>
    public static YamlNode? Read(string text, MistakeList mistakes) => Read(text, mistakes, repeated: null);

    /// <summary>Reads a text, and collects the keys that hold a list each and stand twice.</summary>
    internal static YamlNode? Read(string text, MistakeList mistakes, List<RepeatedList>? repeated)
    {
        if (text.Length > MaxBytes)
        {
            mistakes.Add(new(1, 1), "The file has more than a million characters; that is no configuration.");
            return null;
        }
        if (text.StartsWith('\uFEFF')) text = text[1..];
        var document = new YamlDocument(text, mistakes, repeated);
        try
        {
            return document.ReadRoot();
        }
        catch (YamlException problem)
        {
            mistakes.Add(At(problem.Start), $"This is not YAML: {Quote.Short(problem.Message)}");
            return null;
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
            // The parser lets these through for some texts: an unclosed bracket, a tag that is no URI.
            mistakes.Add(At(document._parser.Current?.End ?? Mark.Empty), "This is not YAML: something behind this place is not closed, or not text.");
            return null;
        }
    }

    private YamlNode? ReadRoot()
    {
        Next<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var end))
        {
            _mistakes.Add(At(end.Start), "The file is empty.");
            return null;
        }
        Next<DocumentStart>();
        var root = ReadNode(1);
        Next<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
            _mistakes.Add(At(_parser.Current!.Start), "A second document begins here; the file may hold only one.");
        return root;
    }

    private YamlNode ReadNode(int depth)
    {
        var mark = At(_parser.Current?.Start ?? Mark.Empty);
        if (depth > MaxDepth) throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"more than {MaxDepth} levels");
        if (++_nodes > MaxNodes) throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"more than {MaxNodes} values");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            mark = At(alias.Start);
            _mistakes.Add(mark, $"The alias '*{Quote.Short(alias.Value.Value)}' is not read; write the value out.");
            return new YamlScalar(mark, "", IsPlain: true);
        }
        if (_parser.Accept<NodeEvent>(out var node)) Check(node);
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
        if (_parser.TryConsume<SequenceStart>(out var sequence)) return ReadSequence(At(sequence.Start), depth);
        return ReadMapping(At(Next<MappingStart>().Start), depth);
    }

    private void Check(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            _mistakes.Add(At(node.Start), $"The anchor '&{Quote.Short(node.Anchor.Value)}' is not read; write the value out where it is used.");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            _mistakes.Add(At(node.Start), $"The tag '{Quote.Short(node.Tag.Value)}' is not read; remove it.");
    }

    private YamlSequence ReadSequence(YamlMark mark, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(depth + 1));
        return new(mark, items.ToEquatableList());
    }

    private YamlMapping ReadMapping(YamlMark mark, int depth)
    {
        var entries = new List<YamlEntry>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not YamlScalar name) _mistakes.Add(key.Mark, $"A key must be a text, and this is {key.Kind}.");
            else if (places.TryAdd(name.Value, entries.Count)) entries.Add(new(name, value));
            else entries[places[name.Value]] = Join(entries[places[name.Value]], name, value);
        }
        return new(mark, entries.ToEquatableList());
    }

    /// <summary>Reports a key that stands twice. The items of two lists are read together, so that the mistakes in both are found.</summary>
    private YamlEntry Join(YamlEntry first, YamlScalar again, YamlNode value)
    {
        var name = Quote.Short(again.Value);
        if ((first.Value, value) is (YamlSequence, YamlSequence)) _repeated?.Add(new(again.Value, first.Key.Mark, again.Mark));
        var cure = (first.Value, value) is (YamlSequence, YamlSequence)
            ? $"write '{name}:' once and put all entries into that one list."
            : "keep one of them.";
        _mistakes.Add(again.Mark, string.Create(CultureInfo.InvariantCulture,
            $"The key '{name}' stands here again, after line {first.Key.Mark.Line}; other tools would drop one of the two: {cure}"));
        return (first.Value, value) is (YamlSequence a, YamlSequence b)
            ? first with { Value = a with { Items = a.Items.Concat(b.Items).ToEquatableList() } }
            : first;
    }

    private T Next<T>() where T : ParsingEvent => _parser.Consume<T>();

    private static YamlMark At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}

/// <summary>A key that holds a list and stands twice in one mapping.</summary>
/// <param name="First">Where it stands first.</param>
/// <param name="Again">Where it stands again.</param>
internal readonly record struct RepeatedList(string Key, YamlMark First, YamlMark Again);
