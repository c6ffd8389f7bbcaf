using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Model.Resolving;

/// <summary>Chooses a version for every layer that a service needs. Pure: the same inputs give the same answer everywhere.</summary>
/// <remarks>
/// For one service: the newest versions that fit together, layer by layer in name order (decision 3), in a stack that holds
/// each layer once and in one version (decision 5), with each child on the parent it was built from (decision 4).
/// </remarks>
public static class Resolver
{
    /// <summary>Combinations tried for one service before it is refused as too hard.</summary>
    public const int StepBound = 100_000;

    /// <summary>Resolves every service by itself.</summary>
    /// <param name="budget">What this and other calls may cost together; a service for which nothing is left is unmet. Null for no bound but <see cref="StepBound"/> for each.</param>
    public static Resolution Resolve(Catalogue catalogue, ResolutionScope scope, IEnumerable<ServiceNeeds> services, StepBudget? budget = null)
    {
        var stacks = new List<LayerStack>();
        var unmet = new List<UnmetService>();
        foreach (var service in services)
        {
            var (stack, reasons) = ResolveOne(catalogue, scope, service, budget);
            if (stack is not null) stacks.Add(stack);
            else unmet.Add(new(service.Service, reasons));
        }
        return unmet.Count == 0
            ? new Resolution.Resolved(catalogue.Sequence, stacks.ToEquatableList())
            : new Resolution.Unmet(catalogue.Sequence, unmet.ToEquatableList(), stacks.ToEquatableList());
    }

    private static (LayerStack? Stack, EquatableList<string> Reasons) ResolveOne(Catalogue catalogue, ResolutionScope scope, ServiceNeeds service, StepBudget? budget)
    {
        if (budget?.IsSpent == true) return (null, [TooHard(service)]);
        var candidates = service.Needs.Select(need => Candidates.For(catalogue, scope, service, need)).ToList();
        budget?.Take(candidates.Sum(c => c.Fitting.Count + c.Rejected.Count));
        var obstacles = candidates.Where(c => c.Fitting.Count == 0).Select(c => c.WhyNone()).ToEquatableList();
        if (obstacles.Count > 0) return (null, obstacles);

        // Newest first, layer by layer in name order: the first combination that stacks is the answer.
        var order = Enumerable.Range(0, candidates.Count).OrderBy(i => candidates[i].Name, StringComparer.Ordinal).ToList();
        var chosen = new ChosenLayer[candidates.Count];
        var search = new Search(catalogue, service, candidates, order, chosen, budget);
        if (!search.Run(0))
            return (null, [search.Steps > StepBound || budget?.IsSpent == true
                ? TooHard(service)
                : search.FirstConflict ?? $"The layers that {service.Service} needs do not fit into one stack."]);

        var stack = StackOrder.TopFirst(chosen, catalogue);
        return (new(service.Service, stack, candidates.Select((c, i) => c.WhyChosen(chosen[i])).ToEquatableList()), []);
    }

    private static string TooHard(ServiceNeeds service) => $"No fitting set of layers was found for {service.Service} in {StepBound} steps. Narrow the ranges of its needs.";

    private sealed class Search(
        Catalogue catalogue, ServiceNeeds service, List<Candidates> candidates, List<int> order, ChosenLayer[] chosen, StepBudget? budget)
    {
        public int Steps { get; private set; }

        public string? FirstConflict { get; private set; }

        public bool Run(int depth)
        {
            if (depth == order.Count) return true;
            foreach (var candidate in candidates[order[depth]].Fitting)
            {
                budget?.Take(1);
                if (++Steps > StepBound || budget?.IsSpent == true) return false;
                chosen[order[depth]] = candidate;
                var conflict = StackOrder.Conflict(order.Take(depth + 1).Select(i => (candidates[i].Need, chosen[i])), service, catalogue);
                FirstConflict ??= conflict;
                if (conflict is null && Run(depth + 1)) return true;
            }
            return false;
        }
    }
}
