using System.Globalization;
using System.Numerics;
using System.Text;

namespace Strata.Build.Recipes.Python;

/// <summary>A list, tuple or set; sets keep each value once and have no order that may be looked at.</summary>
internal sealed record PythonSequence(SequenceKind Kind, IReadOnlyList<object?> Items);

/// <summary>Something that can be called, under the name that messages give it.</summary>
internal sealed record PythonFunction(string Name, Func<PythonArguments, object?> Call);

/// <summary>A module, or the <c>d</c> of recipes: its members are looked up by their full names.</summary>
internal sealed record PythonModule(string Name);

/// <summary>What Python does with values: truth, equality, order, text.</summary>
/// <remarks>A value is null, a bool, a <see cref="BigInteger"/>, a string, a <see cref="PythonSequence"/>, <see cref="PythonFunction"/> or <see cref="PythonModule"/>.</remarks>
internal static class PythonValue
{
    /// <summary>Characters of the longest text, and items of the longest list.</summary>
    public const int LongestText = 1 << 20;

    // Sets and sorting compare each with each; recipes do so with dozens.
    private const int MostCompared = 4096;

    /// <summary>Refuses what would be compared each with each.</summary>
    public static IReadOnlyList<object?> Few(IReadOnlyList<object?> items) => items.Count <= MostCompared ? items : throw TooMany();

    private static PythonException TooMany() => new($"more than {MostCompared} values are more than it compares");

    /// <summary>What Python calls the value's type.</summary>
    public static string TypeOf(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        string => "str",
        PythonSequence sequence => sequence.Kind.ToString().ToLowerInvariant(),
        PythonFunction => "function",
        _ => "module",
    };

    /// <summary>Counts as true in a condition.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        BigInteger number => !number.IsZero,
        string text => text.Length > 0,
        PythonSequence sequence => sequence.Items.Count > 0,
        _ => true,
    };

    /// <summary>A number, for which True and False count as 1 and 0.</summary>
    public static BigInteger? Number(object? value) => value switch
    {
        BigInteger number => number,
        bool truth => truth ? 1 : 0,
        _ => null,
    };

    /// <summary>Python's <c>==</c>.</summary>
    public static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (PythonSequence x, PythonSequence y) when x.Kind != y.Kind => false,
        (PythonSequence { Kind: SequenceKind.Set } x, PythonSequence y) => x.Items.Count == y.Items.Count && x.Items.All(i => Contains(y, i)),
        (PythonSequence x, PythonSequence y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => AreEqual(pair.First, pair.Second)),
        _ when Number(a) is { } x && Number(b) is { } y => x == y,
        _ => Equals(a, b),
    };

    /// <summary>Below zero, zero or above: the order of two values of one kind.</summary>
    /// <exception cref="PythonException">They have no order.</exception>
    public static int Compare(object? a, object? b, string what)
    {
        if (Number(a) is { } x && Number(b) is { } y) return x.CompareTo(y);
        if (a is string s && b is string t) return CompareText(s, t);
        if (a is PythonSequence p && b is PythonSequence q && p.Kind == q.Kind && p.Kind != SequenceKind.Set)
        {
            for (var i = 0; i < Math.Min(p.Items.Count, q.Items.Count); i++)
            {
                if (!AreEqual(p.Items[i], q.Items[i])) return Compare(p.Items[i], q.Items[i], what);
            }
            return p.Items.Count.CompareTo(q.Items.Count);
        }
        throw new PythonException($"{what} does not order {TypeOf(a)} and {TypeOf(b)}");
    }

    /// <summary>Python's <c>in</c>.</summary>
    /// <exception cref="PythonException">Nothing can be in a value of that type.</exception>
    public static bool Contains(object? container, object? item) => container switch
    {
        string text when item is string part => text.Contains(part, StringComparison.Ordinal),
        PythonSequence sequence => sequence.Items.Any(i => AreEqual(i, item)),
        _ => throw new PythonException($"'in' does not look for {TypeOf(item)} in {TypeOf(container)}{HintOf(container)}"),
    };

    /// <summary>The items one by one.</summary>
    /// <exception cref="PythonException">It has none, or they have no order.</exception>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        PythonSequence { Kind: SequenceKind.Set, Items.Count: > 1 } => throw new UnsupportedPythonException("a set has no order of its own; write sorted(...) around it"),
        PythonSequence sequence => sequence.Items,
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        _ => throw new PythonException($"{TypeOf(value)} has no items{HintOf(value)}"),
    };

    /// <summary>A set, list or tuple whose order does not count.</summary>
    public static IReadOnlyList<object?> ItemsInAnyOrder(object? value) => value is PythonSequence sequence ? sequence.Items : Items(value);

    /// <summary>A set of <paramref name="items"/>, each once.</summary>
    public static PythonSequence SetOf(IEnumerable<object?> items)
    {
        var once = new List<object?>();
        foreach (var item in items)
        {
            if (item is PythonSequence { Kind: not SequenceKind.Tuple }) throw new PythonException($"a {TypeOf(item)} cannot be in a set");
            if (once.Exists(held => AreEqual(held, item))) continue;
            if (once.Count == MostCompared) throw TooMany();
            once.Add(item);
        }
        return new(SequenceKind.Set, once);
    }

    /// <summary>Python's <c>str()</c>.</summary>
    public static string Text(object? value)
    {
        if (value is string text) return text;
        var left = LongestText;
        Measure(value, ref left);
        return Representation(value);
    }

    // A list may hold one long text many times over.
    private static void Measure(object? value, ref int left)
    {
        left -= value is string text ? text.Length : 1;
        if (left < 0) throw new PythonException($"it gives more than {LongestText} characters");
        if (value is not PythonSequence sequence) return;
        foreach (var item in sequence.Items) Measure(item, ref left);
    }

    /// <summary>Why <c>None</c> may have come up.</summary>
    public static string HintOf(object? value) => value is null ? "; a variable that nothing sets is None" : "";

    private static string Representation(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        string text => Quoted(text),
        PythonSequence { Kind: SequenceKind.List } list => $"[{Join(list)}]",
        PythonSequence { Kind: SequenceKind.Tuple } tuple => tuple.Items.Count == 1 ? $"({Join(tuple)},)" : $"({Join(tuple)})",
        PythonSequence set => set.Items.Count == 0 ? "set()" : $"{{{Join(set)}}}",
        PythonFunction function => throw new PythonException($"{function.Name} is not called; write {function.Name}(...)"),
        _ => throw new PythonException($"{((PythonModule)value).Name} is no value"),
    };

    private static string Join(PythonSequence sequence) => string.Join(", ", Items(sequence).Select(Representation));

    private static string Quoted(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => result.Append(@"\\"),
                '\n' => result.Append(@"\n"),
                '\t' => result.Append(@"\t"),
                '\r' => result.Append(@"\r"),
                _ when c == quote => result.Append('\\').Append(c),
                < ' ' or '\x7f' => result.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => result.Append(c),
            };
        }
        return result.Append(quote).ToString();
    }

    // By code points: UTF-16 order differs beyond the basic plane.
    private static int CompareText(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] == b[i]) continue;
            return char.IsSurrogate(a[i]) != char.IsSurrogate(b[i]) ? (char.IsSurrogate(a[i]) ? 1 : -1) : a[i].CompareTo(b[i]);
        }
        return a.Length.CompareTo(b.Length);
    }
}
