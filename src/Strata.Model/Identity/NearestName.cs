namespace Strata.Model.Identity;

/// <summary>The known name that a misspelt one most likely meant.</summary>
public static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>The nearest of <paramref name="known"/> by edit distance; null when none is near enough to be a slip of the hand.</summary>
    /// <remarks>Near enough is a third of the word's length, and at least one edit. Equal distances go to the first in ordinal order.</remarks>
    public static string? To(string word, IEnumerable<string> known) => Near(word, known).FirstOrDefault();

    /// <summary>The nearest few, the nearest first; empty when none is near enough.</summary>
    public static IReadOnlyList<string> Few(string word, IEnumerable<string> known, int most = 3) => [.. Near(word, known).Take(most)];

    /// <summary><c>; did you mean 'x'?</c>, or nothing when no known name is near.</summary>
    public static string Hint(string word, IEnumerable<string> known) => To(word, known) is { } near ? $"; did you mean '{near}'?" : "";

    private static IEnumerable<string> Near(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestCompared) return [];
        var limit = Math.Max(1, word.Length / 3);
        return known
            .Where(name => name.Length <= LongestCompared && Math.Abs(name.Length - word.Length) <= limit)
            .Select(name => (Name: name, Edits: Edits(word, name)))
            .Where(candidate => candidate.Edits <= limit)
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name);
    }

    /// <summary>Letters to insert, remove, replace, or swap with their neighbour; case does not count.</summary>
    private static int Edits(string left, string right)
    {
        var edits = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) edits[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) edits[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
            for (var j = 1; j <= right.Length; j++)
            {
                var kept = edits[i - 1, j - 1] + (IsSame(left[i - 1], right[j - 1]) ? 0 : 1);
                edits[i, j] = Math.Min(kept, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && IsSame(left[i - 1], right[j - 2]) && IsSame(left[i - 2], right[j - 1]))
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        return edits[left.Length, right.Length];
    }

    private static bool IsSame(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
