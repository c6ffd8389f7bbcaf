using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Reads the words of a query that say which of a few things is meant.</summary>
internal static class QueryWords
{
    /// <summary>A value; null when it is not asked for.</summary>
    public static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The value whose lower-case name is asked for; null without, and when it is none, which joins <paramref name="mistakes"/>.</summary>
    public static T? One<T>(IQueryCollection query, string name, List<string> mistakes)
        where T : struct, Enum
    {
        if (Text(query, name) is not { } text) return null;
        foreach (var value in Enum.GetValues<T>())
            if (Word(value) == text) return value;
        mistakes.Add($"{name}: '{Quote.Short(text)}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Word))}.");
        return null;
    }

    /// <summary>True or false; null without, and when it is neither, which joins <paramref name="mistakes"/>.</summary>
    public static bool? Flag(IQueryCollection query, string name, List<string> mistakes)
    {
        switch (Text(query, name))
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            case var other:
                mistakes.Add($"{name}: '{Quote.Short(other)}' is none of true, false.");
                return null;
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
