using System.Text;
using Strata.Model.Identity;

namespace Strata.Build.Recipes.Python;

/// <summary>The string methods of Python that recipes use.</summary>
internal static class PythonText
{
    /// <summary>A character that Python counts as blank.</summary>
    public static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>The words of <paramref name="text"/>, as <c>split()</c> gives them.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            while (i < text.Length && IsBlank(text[i])) i++;
            var start = i;
            while (i < text.Length && !IsBlank(text[i])) i++;
            if (i > start) words.Add(text[start..i]);
        }
        return words;
    }

    /// <summary>Calls a method of a string; null when there is none of that name.</summary>
    public static PythonFunction? Method(string text, string name)
    {
        Func<PythonArguments, object?>? call = name switch
        {
            "upper" => _ => text.ToUpperInvariant(),
            "lower" => _ => text.ToLowerInvariant(),
            "capitalize" => _ => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant(),
            "strip" => a => Strip(text, a.OptionalText(0, "chars"), start: true, end: true),
            "lstrip" => a => Strip(text, a.OptionalText(0, "chars"), start: true, end: false),
            "rstrip" => a => Strip(text, a.OptionalText(0, "chars"), start: false, end: true),
            "split" => a => List(Split(text, a.OptionalText(0, "sep"), a.Number(1, "maxsplit", -1))),
            "rsplit" => a => List(SplitFromEnd(text, a.OptionalText(0, "sep"), a.Number(1, "maxsplit", -1))),
            "splitlines" => _ => List(text.ReplaceLineEndings("\n").TrimEnd('\n') is { Length: > 0 } lines ? lines.Split('\n') : []),
            "partition" => a => Partition(text, a.Text(0, "sep"), last: false),
            "rpartition" => a => Partition(text, a.Text(0, "sep"), last: true),
            "join" => a => Joined(text, PythonValue.Items(a.Required(0, "iterable"))),
            "replace" => a => Replace(text, a.Text(0, "old"), a.Text(1, "new"), a.Number(2, "count", -1)),
            "startswith" => a => Affixes(a, "prefix").Any(p => text.StartsWith(p, StringComparison.Ordinal)),
            "endswith" => a => Affixes(a, "suffix").Any(p => text.EndsWith(p, StringComparison.Ordinal)),
            "removeprefix" => a => a.Text(0, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
            "removesuffix" => a => a.Text(0, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
            "find" => a => Number(text.IndexOf(a.Text(0, "sub"), StringComparison.Ordinal)),
            "rfind" => a => Number(text.LastIndexOf(a.Text(0, "sub"), StringComparison.Ordinal)),
            "index" => a => text.IndexOf(a.Text(0, "sub"), StringComparison.Ordinal) is >= 0 and var at ? Number(at) : throw new PythonException($"'{Quote.Short(a.Text(0, "sub"))}' is not in '{Quote.Short(text)}'"),
            "count" => a => Number(a.Text(0, "sub") is { Length: > 0 } part ? text.AsSpan().Count(part.AsSpan()) : text.Length + 1),
            "isdigit" or "isdecimal" or "isnumeric" => _ => text.Length > 0 && text.All(char.IsDigit),
            "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
            "isalnum" => _ => text.Length > 0 && text.All(char.IsLetterOrDigit),
            "isspace" => _ => text.Length > 0 && text.All(IsBlank),
            "islower" => _ => text.Any(char.IsLower) && !text.Any(char.IsUpper),
            "isupper" => _ => text.Any(char.IsUpper) && !text.Any(char.IsLower),
            "zfill" => a => Fill(text, a.Number(0, "width", 0)),
            "format" => a => Format(text, a.From(0), a.Named()),
            _ => null,
        };
        return call is null ? null : new($"'...'.{name}", call);
    }

    /// <summary>Python's <c>format % values</c>, for <c>%s</c>, <c>%d</c> and <c>%%</c>.</summary>
    public static string Percent(string format, object? values)
    {
        var given = values is PythonSequence { Kind: SequenceKind.Tuple } tuple ? tuple.Items : [values];
        var result = new StringBuilder();
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }
            var kind = ++i < format.Length ? format[i] : throw new PythonException("its format ends in a lone %");
            if (kind == '%')
            {
                result.Append('%');
                continue;
            }
            if (result.Length > PythonValue.LongestText) throw TooLong();
            if (kind is not ('s' or 'd' or 'i')) throw new UnsupportedPythonException($"the format %{kind} is not supported; %s and %d are");
            if (used == given.Count) throw new PythonException("its format has more places than values");
            var value = given[used++];
            result.Append(kind == 's' ? PythonValue.Text(value) : (PythonValue.Number(value) ?? throw new PythonException($"%{kind} wants a number, not {PythonValue.TypeOf(value)}")).ToString(null, System.Globalization.CultureInfo.InvariantCulture));
        }
        return used == given.Count ? result.ToString() : throw new PythonException("its format has fewer places than values");
    }

    private static string Format(string format, IReadOnlyList<object?> byPlace, IReadOnlyDictionary<string, object?> byName)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is not ('{' or '}'))
            {
                result.Append(c);
                continue;
            }
            if (i + 1 < format.Length && format[i + 1] == c)
            {
                result.Append(c);
                i++;
                continue;
            }
            var end = c == '{' ? format.IndexOf('}', i) : -1;
            if (end < 0) throw new PythonException($"its format has a lone {c}");
            var field = format[(i + 1)..end];
            i = end;
            result.Append(PythonValue.Text(Field(field)));
            if (result.Length > PythonValue.LongestText) throw TooLong();
        }
        return result.ToString();

        object? Field(string field)
        {
            if (field.Length == 0 && next < byPlace.Count) return byPlace[next++];
            if (field.Length is > 0 and < 4 && field.All(char.IsAsciiDigit) && int.Parse(field, System.Globalization.CultureInfo.InvariantCulture) is var place && place < byPlace.Count) return byPlace[place];
            if (byName.TryGetValue(field, out var named)) return named;
            throw new UnsupportedPythonException($"the format field {{{Quote.Short(field)}}} is not supported, or has no value");
        }
    }

    private static PythonSequence List(IEnumerable<string> items) => new(SequenceKind.List, [.. items]);

    private static System.Numerics.BigInteger Number(int value) => value;

    private static string Joinable(object? item) => item as string ?? throw new PythonException($"join() wants strings, not {PythonValue.TypeOf(item)}{PythonValue.HintOf(item)}");

    private static string Joined(string between, IReadOnlyList<object?> items)
    {
        var parts = items.Select(Joinable).ToList();
        return parts.Sum(p => (long)p.Length + between.Length) <= PythonValue.LongestText + (long)between.Length ? string.Join(between, parts) : throw TooLong();
    }

    private static PythonException TooLong() => new($"it gives more than {PythonValue.LongestText} characters");

    private static List<string> Affixes(PythonArguments arguments, string name) => arguments.Required(0, name) is PythonSequence { Kind: SequenceKind.Tuple } several
        ? several.Items.Select(Joinable).ToList()
        : [arguments.Text(0, name)];

    private static string Strip(string text, string? characters, bool start, bool end)
    {
        var (from, to) = (0, text.Length);
        while (start && from < to && Strippable(text[from])) from++;
        while (end && to > from && Strippable(text[to - 1])) to--;
        return text[from..to];

        bool Strippable(char c) => characters?.Contains(c, StringComparison.Ordinal) ?? IsBlank(c);
    }

    private static IEnumerable<string> Split(string text, string? separator, int most)
    {
        if (separator is not null) return text.Split(Separator(separator), most < 0 ? int.MaxValue : most + 1);
        var words = Words(text);
        if (most < 0 || words.Count <= most) return words;
        var at = 0;
        for (var i = 0; i <= most; i++)
        {
            while (IsBlank(text[at])) at++;
            if (i < most) at += words[i].Length;
        }
        return [.. words.Take(most), text[at..].TrimEnd()];
    }

    private static IEnumerable<string> SplitFromEnd(string text, string? separator, int most)
    {
        if (most < 0) return Split(text, separator, most);
        if (separator is null) throw new UnsupportedPythonException("rsplit() with a count and no separator is not supported");
        var pieces = text.Split(Separator(separator));
        return pieces.Length <= most + 1 ? pieces : [string.Join(separator, pieces[..^most]), .. pieces[^most..]];
    }

    private static string Separator(string separator) => separator.Length > 0 ? separator : throw new PythonException("the separator is empty");

    private static PythonSequence Partition(string text, string separator, bool last)
    {
        Separator(separator);
        var at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return new(SequenceKind.Tuple, at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]] : last ? ["", "", text] : [text, "", ""]);
    }

    private static string Replace(string text, string old, string with, int most)
    {
        if (old.Length == 0) throw new UnsupportedPythonException("replace() of nothing is not supported");
        if (with.Length > old.Length && text.Length + ((long)text.AsSpan().Count(old) * (with.Length - old.Length)) > PythonValue.LongestText) throw TooLong();
        if (most < 0) return text.Replace(old, with, StringComparison.Ordinal);
        return string.Join(with, text.Split(old, most + 1));
    }

    private static string Fill(string text, int width)
    {
        if (width > 1000) throw new UnsupportedPythonException("zfill() to so many places is not supported");
        var sign = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        return text[..sign] + text[sign..].PadLeft(Math.Max(0, width - sign), '0');
    }
}
