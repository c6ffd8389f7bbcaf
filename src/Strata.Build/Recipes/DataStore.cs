using System.Text.RegularExpressions;

namespace Strata.Build.Recipes;

/// <summary>The variables of one recipe with BitBake's rules: what is set at once and what happens when a value is read.</summary>
/// <remarks>
/// <c>?=</c> and the text operators act when they are parsed and see only what was assigned so far; <c>??=</c>, overrides,
/// <c>:append</c>, <c>:prepend</c> and <c>:remove</c>, in that order, act when the value is read.
/// Source: BitBake user manual, "Syntax and Operators", "Conditional Syntax (Overrides)".
/// </remarks>
internal sealed partial class DataStore
{
    // OVERRIDES may depend on itself through what it names; it settles in a few rounds or never.
    private const int OverrideRounds = 5;
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Name, string Override)>> _overridden = new(StringComparer.Ordinal);
    private string[]? _overrides;
    private bool _settling;

    /// <summary>Runs one assignment.</summary>
    /// <exception cref="ExpansionException">A <c>:=</c> whose value cannot be expanded.</exception>
    public void Assign(string name, string? flag, Operator op, string text)
    {
        var held = flag is null ? Find(name)?.Content : Find(name)?.Flags.GetValueOrDefault(flag);
        var value = op switch
        {
            Operator.SetNow => Expand(text),
            Operator.SetIfUnset => held ?? text,
            Operator.AppendWord => $"{held} {text}",
            Operator.PrependWord => $"{text} {held}",
            Operator.AppendText => held + text,
            Operator.PrependText => text + held,
            _ => text,
        };
        _overrides = null;
        if (flag is not null) Declare(name).Flags[flag] = value;
        else if (op == Operator.WeakDefault) Declare(name).WeakDefault = value;
        else Set(name, value);
    }

    /// <summary>Forgets a variable with all that was appended to it, or one of its flags.</summary>
    public void Unset(string name, string? flag)
    {
        _overrides = null;
        if (flag is not null)
        {
            Find(name)?.Flags.Remove(flag);
            return;
        }
        _variables.Remove(name);
        _overridden.Remove(name);
        foreach (var list in _overridden.Values) list.RemoveAll(entry => entry.Name == name);
    }

    /// <summary>Renames the variables whose names hold references, once all is parsed.</summary>
    public void ExpandNames()
    {
        foreach (var name in _variables.Keys.Where(n => n.Contains("${", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList())
        {
            var expanded = Expand(name);
            if (expanded == name) continue;
            var old = _variables[name];
            _variables.Remove(name);
            _overrides = null;
            if (old.Content is { } content) Set(expanded, content);
            var target = Declare(expanded);
            target.WeakDefault ??= old.WeakDefault;
            target.Appends.AddRange(old.Appends);
            target.Prepends.AddRange(old.Prepends);
            target.Removes.AddRange(old.Removes);
        }
    }

    /// <summary>The value of a variable, expanded; null when it was never given one.</summary>
    /// <exception cref="ExpansionException">It refers to itself, or to something that is not supported.</exception>
    public string? Get(string name) => Get(name, []);

    /// <summary>Replaces every reference in <paramref name="text"/>; a reference to nothing stays as it is.</summary>
    /// <exception cref="ExpansionException">It refers to itself, or to something that is not supported.</exception>
    public string Expand(string text) => Expand(text, []);

    private string Expand(string text, HashSet<string> within)
    {
        for (var previous = ""; text != previous && text.Contains("${", StringComparison.Ordinal);)
        {
            previous = text;
            text = Reference().Replace(text, match => Get(match.Groups[1].Value, within) ?? match.Value);
        }
        return InlinePython().Match(text) is { Success: true } python
            ? throw new ExpansionException($"the inline Python {Model.Identity.Quote.Short(python.Value)} is not supported; set the value outright")
            : text;
    }

    private string? Get(string name, HashSet<string> within)
    {
        if (!within.Add(name)) throw new ExpansionException($"{name} refers to itself");
        try
        {
            var removes = new List<string>();
            if (Raw(name, removes) is not { } raw) return null;
            var value = Expand(raw, within);
            return removes.Count == 0 || value.Length == 0 ? value : Without(value, [.. removes.SelectMany(r => Words(Expand(r, within)))]);
        }
        finally
        {
            within.Remove(name);
        }
    }

    private string? Raw(string name, List<string> removes)
    {
        var value = Winner(name) is { } winner ? Raw(winner, removes) : null;
        var variable = Find(name);
        value ??= variable?.Content ?? variable?.WeakDefault;
        if (variable is null) return value;
        foreach (var append in variable.Appends.Where(IsActive)) value += append.Text;
        foreach (var prepend in variable.Prepends.Where(IsActive)) value = prepend.Text + value;
        removes.AddRange(variable.Removes.Where(IsActive).Select(r => r.Text));
        return value;
    }

    // Of the names that overrides make active, the one with the highest override wins; a:b is peeled from its end.
    private string? Winner(string name)
    {
        if (!_overridden.TryGetValue(name, out var entries)) return null;
        var overrides = Overrides();
        var active = entries
            .Where(e => e.Override.Split(':').All(overrides.Contains))
            .ToDictionary(e => e.Override, e => e.Name, StringComparer.Ordinal);
        string? winner = null;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var o in overrides)
            {
                foreach (var (key, target) in active.ToList())
                {
                    if (key.EndsWith(":" + o, StringComparison.Ordinal))
                    {
                        active.Remove(key);
                        active[key[..^(o.Length + 1)]] = target;
                        changed = true;
                    }
                    else if (key == o)
                    {
                        winner = target;
                        active.Remove(key);
                    }
                }
            }
        }
        return winner;
    }

    private void Set(string name, string value)
    {
        if (Keyword().Match(name) is { Success: true } match)
        {
            var variable = Declare(match.Groups["base"].Value);
            var changes = match.Groups["keyword"].Value switch
            {
                ":append" => variable.Appends,
                ":prepend" => variable.Prepends,
                _ => variable.Removes,
            };
            changes.Add(new(value, match.Groups["overrides"] is { Success: true } overrides ? overrides.Value : null));
            NoteOverrides(match.Groups["base"].Value);
            return;
        }
        Declare(name).Content = value;
        NoteOverrides(name);
    }

    private void NoteOverrides(string name)
    {
        for (var colon = name.LastIndexOf(':'); colon > 0; colon = name.LastIndexOf(':', colon - 1))
        {
            var rest = name[(colon + 1)..];
            if (rest.Length == 0 || !(char.IsAsciiLetterLower(rest[0]) || char.IsAsciiDigit(rest[0]))) return;
            if (!_overridden.TryGetValue(name[..colon], out var entries)) _overridden[name[..colon]] = entries = [];
            if (!entries.Contains((name, rest))) entries.Add((name, rest));
        }
    }

    private string[] Overrides()
    {
        if (_overrides is not null || _settling) return _overrides ?? [];
        for (var round = 0; round < OverrideRounds; round++)
        {
            var next = ReadOverrides();
            if (_overrides is not null && next.SequenceEqual(_overrides)) break;
            _overrides = next;
        }
        return _overrides ?? [];
    }

    private string[] ReadOverrides()
    {
        _settling = true;
        try
        {
            return (Get("OVERRIDES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            _settling = false;
        }
    }

    private bool IsActive(Variable.Change change) => string.IsNullOrEmpty(change.Overrides) || change.Overrides.Split(':').All(Overrides().Contains);

    private Variable? Find(string name) => _variables.GetValueOrDefault(name);

    private Variable Declare(string name)
    {
        if (!_variables.TryGetValue(name, out var variable)) _variables[name] = variable = new();
        return variable;
    }

    private static string Without(string value, HashSet<string> words) =>
        string.Concat(Blank().Split(value).Where(piece => !words.Contains(piece)));

    /// <summary>The words of <paramref name="text"/>.</summary>
    public static string[] Words(string? text) => (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("""\$\{([a-zA-Z0-9\-_+./~:]+?)\}""")]
    private static partial Regex Reference();

    [GeneratedRegex("""\$\{@.+?\}""", RegexOptions.Singleline)]
    private static partial Regex InlinePython();

    [GeneratedRegex("""^(?<base>.*?)(?<keyword>:append|:prepend|:remove)(:(?<overrides>[^A-Z]*))?$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Keyword();

    [GeneratedRegex("""(\s)""")]
    private static partial Regex Blank();
}

/// <summary>A value that cannot be expanded. The message is a clause that goes behind the place.</summary>
internal sealed class ExpansionException(string message) : Exception(message);
