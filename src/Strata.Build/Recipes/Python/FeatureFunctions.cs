using System.Numerics;
using Strata.Model.Identity;

namespace Strata.Build.Recipes.Python;

/// <summary>The functions of BitBake and openembedded-core by which recipes ask what variables hold.</summary>
internal sealed class FeatureFunctions(DataStore data)
{
    /// <summary>The function with this full name; null when it is not supported.</summary>
    public PythonFunction? Find(string name)
    {
        Func<PythonArguments, object?>? call = name switch
        {
            "bb.utils.contains" => a => Contains(a, every: true),
            "bb.utils.contains_any" => a => Contains(a, every: false),
            "bb.utils.filter" => Filter,
            "bb.utils.to_boolean" => a => ToBoolean(a.Required(0, "string"), a.Optional(1, "default", null)),
            "bb.data.inherits_class" => a => TakeData(a, 1) && data.Inherits(a.Text(0, "klass")),
            "oe.utils.inherits" => a => TakeData(a, 0) && a.From(1).Any(c => c is string one && data.Inherits(one)),
            "oe.utils.ifelse" => a => (a.Optional(1, "iftrue", true), a.Optional(2, "iffalse", false)) is var (yes, no) && PythonValue.IsTrue(a.Required(0, "condition")) ? yes : no,
            "oe.utils.conditional" => a => Choose(a, PythonValue.AreEqual(data.Get(a.Text(0, "variable")), a.Required(1, "checkvalue")), 2, "truevalue", "falsevalue"),
            "oe.utils.vartrue" => a => Choose(a, IsYes(data.Get(a.Text(0, "var"))), 1, "iftrue", "iffalse"),
            "oe.types.boolean" => a => IsYes(a.Required(0, "value")),
            "oe.utils.all_distro_features" => a => DistroFeatures(a, every: true),
            "oe.utils.any_distro_features" => a => DistroFeatures(a, every: false),
            "oe.utils.both_contain" => BothContain,
            "oe.utils.prune_suffix" => PruneSuffix,
            _ => null,
        };
        return call is null ? null : new(name, call);
    }

    private object? Contains(PythonArguments a, bool every)
    {
        var wanted = Wanted(a.Required(1, "checkvalues"));
        var held = Words(a.Text(0, "variable"));
        var found = held.Count > 0 && (every ? wanted.All(held.Contains) : wanted.Any(held.Contains));
        // A variable of blanks is set and holds nothing: then all of no words are in it.
        if (held.Count == 0 && every && wanted.Count == 0) found = data.Get(a.Text(0, "variable")) is { Length: > 0 };
        return Choose(a, found, 2, "truevalue", "falsevalue");
    }

    private string Filter(PythonArguments a)
    {
        TakeData(a, 2);
        var held = Words(a.Text(0, "variable"));
        return string.Join(' ', Wanted(a.Required(1, "checkvalues")).Where(held.Contains).Distinct().Order(StringComparer.Ordinal));
    }

    private object? DistroFeatures(PythonArguments a, bool every)
    {
        TakeData(a, 0);
        var held = Words("DISTRO_FEATURES");
        var wanted = Wanted(a.Required(1, "features"));
        var (yes, no) = (a.Optional(2, "truevalue", "1"), a.Optional(3, "falsevalue", ""));
        if (held.Count == 0 && wanted.Count == 0 && every) return data.Get("DISTRO_FEATURES") is { Length: > 0 } ? yes : no;
        return held.Count > 0 && (every ? wanted.All(held.Contains) : wanted.Any(held.Contains)) ? yes : no;
    }

    private string BothContain(PythonArguments a)
    {
        TakeData(a, 3);
        var wanted = Wanted(a.Required(2, "checkvalue")).Distinct().ToList();
        foreach (var position in (int[])[0, 1])
        {
            var variable = a.Text(position, $"variable{position + 1}");
            if (data.Get(variable) is null) throw new PythonException($"{variable} is not set, and oe.utils.both_contain wants it to be");
            if (!wanted.All(Words(variable).Contains)) return "";
        }
        return wanted.Count <= 1 ? string.Concat(wanted) : throw new PythonException("oe.utils.both_contain of several words gives them in no fixed order");
    }

    private string PruneSuffix(PythonArguments a)
    {
        TakeData(a, 2);
        var name = a.Text(0, "var");
        foreach (var suffix in PythonValue.Items(a.Required(1, "suffixes")).Cast<string>())
        {
            if (suffix.Length > 0 && name.EndsWith(suffix, StringComparison.Ordinal)) name = name[..^suffix.Length];
        }
        return data.Get("MLPREFIX") is { Length: > 0 } prefix && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
    }

    private static object? Choose(PythonArguments a, bool condition, int first, string yes, string no)
    {
        var (whenTrue, whenFalse) = (a.Required(first, yes), a.Required(first + 1, no));
        TakeData(a, first + 2);
        return condition ? whenTrue : whenFalse;
    }

    private static bool TakeData(PythonArguments a, int position) =>
        a.Required(position, "d") is PythonModule { Name: "d" } ? true : throw new PythonException("the data store d is expected as an argument");

    private static object? ToBoolean(object? value, object? otherwise)
    {
        if (!PythonValue.IsTrue(value)) return otherwise;
        if (PythonValue.Number(value) is { } number) return number != BigInteger.Zero;
        if (value is not string text) throw new PythonException($"to_boolean does not take {PythonValue.TypeOf(value)}");
        return text.ToLowerInvariant() switch
        {
            "y" or "yes" or "1" or "true" => true,
            "n" or "no" or "0" or "false" => false,
            _ => throw new PythonException($"'{Quote.Short(text)}' is neither yes nor no"),
        };
    }

    private static bool IsYes(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        string text => text.ToLowerInvariant() switch
        {
            "y" or "yes" or "1" or "true" or "t" => true,
            "n" or "no" or "0" or "false" or "f" => false,
            _ => throw new PythonException($"'{Quote.Short(text)}' is neither yes nor no"),
        },
        _ => throw new PythonException($"oe.types.boolean does not take {PythonValue.TypeOf(value)}"),
    };

    private HashSet<string> Words(string variable) => [.. PythonText.Words(data.Get(variable) ?? "")];

    private static List<string> Wanted(object? value) => value is string text
        ? PythonText.Words(text)
        : [.. PythonValue.ItemsInAnyOrder(value).Select(i => i as string ?? throw new PythonException("the values to check have to be strings"))];
}
