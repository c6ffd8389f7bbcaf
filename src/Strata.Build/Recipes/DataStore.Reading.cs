using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Build.Recipes.Python;
using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>How values are read.</summary>
internal sealed partial class DataStore
{
    // OVERRIDES may depend on itself through what it names; it settles in a few rounds or never.
    private const int OverrideRounds = 5;

    // Far beyond any recipe; a chain that long, or text that large, comes from values that feed each other.
    private const int DeepestReference = 200;
    private const int LongestValue = 1 << 20;
    private const int MostPasses = 100;

    private readonly Dictionary<string, Reading> _read = new(StringComparer.Ordinal);
    private HashSet<string> _busy = new(StringComparer.Ordinal);
    private List<string>? _watch;
    private string[]? _overrides;

    /// <summary>The value of a variable, expanded; null when it was never given one.</summary>
    /// <exception cref="ExpansionException">It refers to itself, or to something that is not supported.</exception>
    public string? Get(string name) => Read(name).Value;

    /// <summary>The value of a variable with its overrides, not expanded; <c>:remove</c> acts on expanded text only.</summary>
    /// <exception cref="ExpansionException">As <see cref="Get"/>.</exception>
    public string? GetUnexpanded(string name) => Raw(name, []);

    /// <summary>A flag of a variable; null when it is not set.</summary>
    /// <exception cref="ExpansionException">As <see cref="Get"/>.</exception>
    public string? GetFlag(string name, string flag, bool expand)
    {
        var value = Find(name)?.Flags.GetValueOrDefault(flag);
        return value is null || !expand ? value : Expand(value);
    }

    /// <summary>Replaces every reference in <paramref name="text"/>; a reference to nothing stays as it is.</summary>
    /// <exception cref="ExpansionException">It refers to itself, or to something that is not supported.</exception>
    public string Expand(string text)
    {
        var passes = 0;
        for (var previous = ""; text != previous && text.Contains("${", StringComparison.Ordinal);)
        {
            if (++passes > MostPasses) throw new ExpansionException("its references never come to an end");
            previous = text;
            var length = (long)text.Length;
            text = Reference().Replace(text, match =>
            {
                var value = Get(match.Value[2..^1]) ?? match.Value;
                return (length += value.Length) <= LongestValue ? value : throw TooLong();
            });
            if (text.Length > LongestValue) throw TooLong();
            text = RunInlinePython(text);
        }
        return text;
    }

    private static ExpansionException TooLong() => new($"it grows beyond {LongestValue} characters");

    /// <summary>The statements that gave a variable its value, in the order in which they act, and those of the variables it refers to.</summary>
    public IReadOnlyList<RecipeStep> Trace(string name)
    {
        _read.Clear();
        _watch = [];
        try
        {
            _ = Get(name);
            var names = _watch.Prepend(name).Distinct().ToList();
            _watch = null;
            return [.. names.SelectMany(StepsOf).Distinct()];
        }
        finally
        {
            _watch = null;
        }
    }

    /// <summary>The statements that gave exactly this variable its value.</summary>
    public IEnumerable<RecipeStep> StepsOf(string name)
    {
        var variable = Find(name);
        IEnumerable<RecipeStep> steps = Winner(name) is { } winner && Raw(winner, []) is not null
            ? StepsOf(winner)
            : variable?.Content is not null ? variable.ContentSteps : variable?.WeakSteps ?? [];
        if (variable is null) return steps;
        return steps.Concat(variable.Appends.Concat(variable.Prepends).Concat(variable.Removes)
            .Where(IsActive).Select(change => change.Step).OfType<RecipeStep>());
    }

    private Reading Read(string name)
    {
        _watch?.Add(name);
        if (_read.TryGetValue(name, out var held)) return held;
        if (!_busy.Add(name)) throw new ExpansionException($"{name} refers to itself");
        try
        {
            if (_busy.Count > DeepestReference || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new ExpansionException($"the references go more than {DeepestReference} deep");
            var removes = new HashSet<string>(StringComparer.Ordinal);
            var raw = Raw(name, removes);
            var value = raw is null ? null : Expand(raw);
            var removed = new HashSet<string>(StringComparer.Ordinal);
            if (!string.IsNullOrEmpty(value))
            {
                removes.UnionWith(Find(name)?.Removes.Where(IsActive).Select(r => r.Text) ?? []);
                if (removes.Count > 0) value = Without(value, removes, removed);
            }
            return _read[name] = new(value, removed);
        }
        catch (ExpansionException problem)
        {
            problem.Variables.Add(name);
            throw;
        }
        finally
        {
            _busy.Remove(name);
        }
    }

    // What an override took out stays out: its removals go on acting on the text that the name itself gets.
    private string? Raw(string name, HashSet<string> removes)
    {
        string? value = null;
        if (Winner(name) is { } winner)
        {
            removes.UnionWith(Read(winner).Removed);
            value = Raw(winner, []);
        }
        var variable = Find(name);
        if (value is null && variable?.Unknown is { } unknown) throw new ExpansionException(unknown.Message, unknown.Snippet) { IsUnsupported = true };
        value ??= variable?.Content ?? variable?.WeakDefault;
        if (variable is null) return value;
        foreach (var append in variable.Appends.Where(IsActive)) value += append.Text;
        foreach (var prepend in variable.Prepends.Where(IsActive)) value = prepend.Text + value;
        return value;
    }

    // Of the names that overrides make active, the one with the highest override wins; a:b is peeled from its end.
    private string? Winner(string name)
    {
        if (_overridden.Of(name) is not { Count: > 0 } entries) return null;
        var active = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(e => IsActive(e.Override))) active[entry.Override] = entry.Name;
        string? winner = null;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var o in Overrides())
            {
                foreach (var key in active.Keys.ToList())
                {
                    if (key.EndsWith(":" + o, StringComparison.Ordinal))
                    {
                        active.Remove(key, out var peeled);
                        active[key.Replace(":" + o, "", StringComparison.Ordinal)] = peeled!;
                        changed = true;
                    }
                    else if (key == o)
                    {
                        active.Remove(key, out winner);
                    }
                }
            }
        }
        return winner;
    }

    private string[] Overrides()
    {
        if (_overrides is not null) return _overrides;
        var (busy, watch) = (_busy, _watch);
        (_busy, _watch) = (new(StringComparer.Ordinal), null);
        try
        {
            // While OVERRIDES is read for the first time, there are none.
            var next = Settle([]);
            for (var round = 0; round < OverrideRounds; round++)
            {
                var previous = next;
                next = Settle(previous);
                if (next.SequenceEqual(previous)) return previous;
            }
            throw new ExpansionException("OVERRIDES does not settle: what it refers to has overrides that depend on it");
        }
        catch (ExpansionException)
        {
            Forget();
            throw;
        }
        finally
        {
            (_busy, _watch) = (busy, watch);
        }
    }

    private string[] Settle(string[] overrides)
    {
        _read.Clear();
        _overrides = overrides;
        return (Get("OVERRIDES") ?? "").Split(':');
    }

    private bool IsActive(Variable.Change change) => string.IsNullOrEmpty(change.Overrides) || change.Overrides.Split(':').All(Overrides().Contains);

    private bool IsActive(string overrides) => overrides.Split(':').All(Overrides().Contains);

    private void Forget()
    {
        _overrides = null;
        _read.Clear();
    }

    private string Without(string value, HashSet<string> removes, HashSet<string> removed)
    {
        var words = removes.ToDictionary(r => r, r => PythonText.Words(Expand(r)).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var kept = new StringBuilder();
        for (var i = 0; i < value.Length;)
        {
            if (PythonText.IsBlank(value[i]))
            {
                kept.Append(value[i++]);
                continue;
            }
            var start = i;
            while (i < value.Length && !PythonText.IsBlank(value[i])) i++;
            var word = value[start..i];
            var hits = words.Where(w => w.Value.Contains(word)).Select(w => w.Key).ToList();
            removed.UnionWith(hits);
            if (hits.Count == 0) kept.Append(word);
        }
        return kept.ToString();
    }

    private string RunInlinePython(string text)
    {
        try
        {
            return InlinePython().Replace(text, match =>
            {
                var code = match.Value[3..^1];
                // Code that refers to what is not set is left alone.
                return Reference().IsMatch(code) ? match.Value : RunInlinePython(match.Value, code);
            });
        }
        catch (UnterminatedStringException)
        {
            return text;
        }
    }

    private string RunInlinePython(string whole, string code)
    {
        try
        {
            return PythonEvaluator.Run(code, this);
        }
        catch (PythonException problem) when (problem is not UnterminatedStringException)
        {
            throw new ExpansionException($"the inline Python '{Quote.Short(whole)}' cannot be worked out: {problem.Message}", whole) { IsUnsupported = problem is UnsupportedPythonException };
        }
    }

    /// <summary>The words of <paramref name="text"/>.</summary>
    public static IReadOnlyList<string> Words(string? text) => PythonText.Words(text ?? "");

    [GeneratedRegex("""\$\{[a-zA-Z0-9\-_+./~:]+\}""")]
    private static partial Regex Reference();

    // A brace inside the code is skipped with its partner; a line break ends the match.
    [GeneratedRegex("""\$\{@(?:\{.*?\}|.)+?\}""")]
    private static partial Regex InlinePython();

    private sealed record Reading(string? Value, HashSet<string> Removed);
}
