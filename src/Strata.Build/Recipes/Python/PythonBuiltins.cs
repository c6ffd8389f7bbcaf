using System.Numerics;
using Strata.Model.Identity;

namespace Strata.Build.Recipes.Python;

/// <summary>The builtin functions of Python that recipes use, and the methods of its collections.</summary>
internal static class PythonBuiltins
{
    /// <summary>The builtin called <paramref name="name"/>; null when it is not supported.</summary>
    public static PythonFunction? Find(string name)
    {
        Func<PythonArguments, object?>? call = name switch
        {
            "len" => a => (BigInteger)(a.Required(0, "obj") is string text ? PythonValue.Items(text).Count : PythonValue.ItemsInAnyOrder(a.Required(0, "obj")).Count),
            "str" => a => PythonValue.Text(a.Optional(0, "object", "")),
            "int" => a => Whole(a.Optional(0, "x", (BigInteger)0)),
            "bool" => a => PythonValue.IsTrue(a.Optional(0, "x", false)),
            "list" => a => new PythonSequence(SequenceKind.List, PythonValue.Items(a.Optional(0, "iterable", ""))),
            "tuple" => a => new PythonSequence(SequenceKind.Tuple, PythonValue.Items(a.Optional(0, "iterable", ""))),
            "set" => a => PythonValue.SetOf(PythonValue.ItemsInAnyOrder(a.Optional(0, "iterable", ""))),
            "sorted" => a => new PythonSequence(SequenceKind.List, Sorted(PythonValue.ItemsInAnyOrder(a.Required(0, "iterable")), PythonValue.IsTrue(a.Optional(9, "reverse", false)))),
            "reversed" => a => new PythonSequence(SequenceKind.List, [.. PythonValue.Items(a.Required(0, "sequence")).Reverse()]),
            "any" => a => PythonValue.ItemsInAnyOrder(a.Required(0, "iterable")).Any(PythonValue.IsTrue),
            "all" => a => PythonValue.ItemsInAnyOrder(a.Required(0, "iterable")).All(PythonValue.IsTrue),
            "min" => a => Sorted(Several(a), reverse: false)[0],
            "max" => a => Sorted(Several(a), reverse: true)[0],
            _ => null,
        };
        return call is null ? null : new(name, call);
    }

    /// <summary>A method of a list, tuple or set; null when it is not supported.</summary>
    public static PythonFunction? Method(PythonSequence owner, string name)
    {
        var isSet = owner.Kind == SequenceKind.Set;
        Func<PythonArguments, object?>? call = name switch
        {
            "count" when !isSet => a => (BigInteger)owner.Items.Count(i => PythonValue.AreEqual(i, a.Required(0, "value"))),
            "index" when !isSet => a => Place(owner, a.Required(0, "value")),
            "issubset" when isSet => a => owner.Items.All(i => PythonValue.ItemsInAnyOrder(a.Required(0, "other")).Any(o => PythonValue.AreEqual(i, o))),
            "issuperset" when isSet => a => PythonValue.ItemsInAnyOrder(a.Required(0, "other")).All(o => PythonValue.Contains(owner, o)),
            "isdisjoint" when isSet => a => !PythonValue.ItemsInAnyOrder(a.Required(0, "other")).Any(o => PythonValue.Contains(owner, o)),
            "intersection" when isSet => a => PythonValue.SetOf(owner.Items.Where(i => PythonValue.ItemsInAnyOrder(a.Required(0, "other")).Any(o => PythonValue.AreEqual(i, o)))),
            "union" when isSet => a => PythonValue.SetOf(owner.Items.Concat(PythonValue.ItemsInAnyOrder(a.Required(0, "other")))),
            "difference" when isSet => a => PythonValue.SetOf(owner.Items.Where(i => !PythonValue.ItemsInAnyOrder(a.Required(0, "other")).Any(o => PythonValue.AreEqual(i, o)))),
            _ => null,
        };
        return call is null ? null : new($"{PythonValue.TypeOf(owner)}.{name}", call);
    }

    private static BigInteger Place(PythonSequence owner, object? value)
    {
        for (var i = 0; i < owner.Items.Count; i++)
        {
            if (PythonValue.AreEqual(owner.Items[i], value)) return i;
        }
        throw new PythonException($"'{Quote.Short(PythonValue.Text(value))}' is not in the list");
    }

    private static BigInteger Whole(object? value)
    {
        if (PythonValue.Number(value) is { } number) return number;
        if (value is not string text) throw new PythonException($"int() does not take {PythonValue.TypeOf(value)}{PythonValue.HintOf(value)}");
        var trimmed = text.Trim();
        return trimmed.Length <= 1000 && BigInteger.TryParse(trimmed, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var whole)
            ? whole
            : throw new PythonException($"'{Quote.Short(text)}' is no whole number");
    }

    private static IReadOnlyList<object?> Several(PythonArguments arguments)
    {
        var given = arguments.From(0);
        var items = given.Count == 1 ? PythonValue.ItemsInAnyOrder(given[0]) : given;
        return items.Count > 0 ? items : throw new PythonException("min() and max() want at least one value");
    }

    // Insertion keeps equal values in their order, as Python's sort does, also in reverse.
    private static List<object?> Sorted(IReadOnlyList<object?> items, bool reverse)
    {
        var sorted = PythonValue.Few(items).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            for (var j = i; j > 0 && (reverse ? PythonValue.Compare(sorted[j - 1], sorted[j], "sorted") < 0 : PythonValue.Compare(sorted[j - 1], sorted[j], "sorted") > 0); j--)
                (sorted[j - 1], sorted[j]) = (sorted[j], sorted[j - 1]);
        }
        return sorted;
    }
}
