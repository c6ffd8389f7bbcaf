using System.Numerics;

namespace Strata.Build.Recipes.Python;

/// <summary>The arguments of one call, taken by position or by name.</summary>
/// <param name="function">What messages call the function.</param>
internal sealed class PythonArguments(string function, IReadOnlyList<(string? Keyword, object? Value)> given)
{
    private readonly HashSet<int> _taken = [];

    /// <summary>The argument at <paramref name="position"/>, or named <paramref name="keyword"/>.</summary>
    /// <exception cref="PythonException">It is missing.</exception>
    public object? Required(int position, string keyword) =>
        Find(position, keyword) is { } index ? given[index].Value : throw new PythonException($"{function} lacks its argument {keyword}");

    /// <summary>As <see cref="Required"/>, or <paramref name="otherwise"/> when it is not given.</summary>
    public object? Optional(int position, string keyword, object? otherwise) => Find(position, keyword) is { } index ? given[index].Value : otherwise;

    /// <summary>A required string.</summary>
    public string Text(int position, string keyword) => Required(position, keyword) is string text
        ? text
        : throw new PythonException($"{function} wants a string as {keyword}, not {PythonValue.TypeOf(Required(position, keyword))}{PythonValue.HintOf(Required(position, keyword))}");

    /// <summary>A string or None; None when it is not given.</summary>
    public string? OptionalText(int position, string keyword) => Optional(position, keyword, null) is null ? null : Text(position, keyword);

    /// <summary>A whole number, or <paramref name="otherwise"/>.</summary>
    public int Number(int position, string keyword, int otherwise) => PythonValue.Number(Optional(position, keyword, (BigInteger)otherwise)) is { } number
        ? (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, number))
        : throw new PythonException($"{function} wants a number as {keyword}");

    /// <summary>All arguments by position from <paramref name="first"/> on.</summary>
    public IReadOnlyList<object?> From(int first)
    {
        var rest = new List<object?>();
        for (var i = first; i < given.Count && given[i].Keyword is null; i++)
        {
            _taken.Add(i);
            rest.Add(given[i].Value);
        }
        return rest;
    }

    /// <summary>All arguments by name.</summary>
    public IReadOnlyDictionary<string, object?> Named()
    {
        for (var i = 0; i < given.Count; i++)
        {
            if (given[i].Keyword is not null) _taken.Add(i);
        }
        return given.Where(g => g.Keyword is not null).ToDictionary(g => g.Keyword!, g => g.Value, StringComparer.Ordinal);
    }

    /// <summary>Refuses what the function did not take.</summary>
    /// <exception cref="PythonException">There is an argument too many.</exception>
    public void Close()
    {
        for (var i = 0; i < given.Count; i++)
        {
            if (_taken.Contains(i)) continue;
            throw new UnsupportedPythonException(given[i].Keyword is { } keyword ? $"{function} with {keyword}= is not supported" : $"{function} is given too many arguments");
        }
    }

    private int? Find(int position, string keyword)
    {
        for (var i = 0; i < given.Count; i++)
        {
            if (given[i].Keyword is { } name ? name != keyword : i != position) continue;
            _taken.Add(i);
            return i;
        }
        return null;
    }
}
