using Strata.Build.Feeds;

namespace Strata.Build.Installing;

/// <summary>Puts packages in an order in which each comes after what it depends on.</summary>
/// <remarks>Source: Debian policy 7.1, "Depends"; opkg reads the same fields.</remarks>
internal static class DependencyOrder
{
    private static readonly string[] Fields = ["Pre-Depends", "Depends"];

    /// <summary>The order; the same for the same packages. Where packages depend on each other in a circle, the first by name begins.</summary>
    /// <param name="descriptions">In ordinal order of their names.</param>
    /// <returns>Numbers of <paramref name="descriptions"/>.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<Paragraph> descriptions)
    {
        var providers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < descriptions.Count; number++) providers[descriptions[number].Value("Package")] = number;
        for (var number = 0; number < descriptions.Count; number++)
        {
            foreach (var name in Names(descriptions[number].Value("Provides"))) providers.TryAdd(name, number);
        }
        var order = new List<int>();
        var isSeen = new bool[descriptions.Count];
        var work = new Stack<(int Number, bool IsDone)>(Enumerable.Range(0, descriptions.Count).Reverse().Select(n => (n, false)));
        while (work.TryPop(out var step))
        {
            if (step.IsDone)
            {
                order.Add(step.Number);
                continue;
            }
            if (isSeen[step.Number]) continue;
            isSeen[step.Number] = true;
            work.Push((step.Number, true));
            var needed = Fields.SelectMany(field => Names(descriptions[step.Number].Value(field)));
            foreach (var name in needed.Reverse())
            {
                if (providers.TryGetValue(name, out var provider) && !isSeen[provider]) work.Push((provider, false));
            }
        }
        return order;
    }

    // name (>= 1.0), other | another
    private static IEnumerable<string> Names(string field) =>
        field.Split([',', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => part.Split(' ', '(', ':')[0]);
}
