using System.Numerics;

namespace Strata.Build.Recipes.Python;

/// <summary>Python's subscripts.</summary>
internal static class PythonIndexing
{
    /// <summary><c>owner[at]</c>; below zero counts from the end.</summary>
    public static object? At(object? owner, object? at)
    {
        var items = Ordered(owner);
        if (PythonValue.Number(at) is not { } index) throw new PythonException($"a {PythonValue.TypeOf(owner)} has no place {PythonValue.TypeOf(at)}");
        var place = index < 0 ? index + items.Count : index;
        return place >= 0 && place < items.Count ? items[(int)place] : throw new PythonException($"place {index} is outside of {items.Count} items");
    }

    /// <summary><c>owner[from:to:step]</c>.</summary>
    public static object Slice(object? owner, BigInteger? from, BigInteger? to, BigInteger? step)
    {
        var items = Ordered(owner);
        var stride = Clamp(step ?? 1, items.Count);
        if (stride == 0) throw new PythonException("a slice cannot go by steps of 0");
        var (low, high) = stride > 0 ? (0, items.Count) : (-1, items.Count - 1);
        var start = Bound(from, stride > 0 ? low : high, items.Count, low, high);
        var end = Bound(to, stride > 0 ? high : low, items.Count, low, high);
        var picked = new List<object?>();
        for (var i = start; stride > 0 ? i < end : i > end; i += stride) picked.Add(items[i]);
        return owner is PythonSequence sequence ? new PythonSequence(sequence.Kind, picked) : string.Concat(picked);
    }

    private static int Bound(BigInteger? given, int otherwise, int count, int low, int high)
    {
        if (given is not { } value) return otherwise;
        if (value < 0) value += count;
        return (int)BigInteger.Max(low, BigInteger.Min(high, value));
    }

    private static int Clamp(BigInteger value, int count) => (int)BigInteger.Max(-count - 1, BigInteger.Min(count + 1, value));

    private static IReadOnlyList<object?> Ordered(object? owner) => owner is PythonSequence { Kind: SequenceKind.Set } or not (PythonSequence or string)
        ? throw new PythonException($"a {PythonValue.TypeOf(owner)} has no places{PythonValue.HintOf(owner)}")
        : PythonValue.Items(owner);
}
