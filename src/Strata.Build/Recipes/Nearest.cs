namespace Strata.Build.Recipes;

/// <summary>Proposals for a name that is not known.</summary>
internal static class Nearest
{
    private const int MostProposals = 3;

    /// <summary>At most three of <paramref name="known"/> that are like <paramref name="name"/>, the most like first.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known)
    {
        var limit = Math.Max(2, name.Length / 3);
        return
        [
            .. known
                .Where(k => Math.Abs(k.Length - name.Length) <= limit)
                .Select(k => (Name: k, Steps: Distance(name, k)))
                .Where(k => k.Steps <= limit)
                .OrderBy(k => k.Steps).ThenBy(k => k.Name, StringComparer.Ordinal)
                .Take(MostProposals)
                .Select(k => k.Name),
        ];
    }

    // Levenshtein's, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
