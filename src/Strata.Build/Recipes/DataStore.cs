using System.Text.RegularExpressions;

namespace Strata.Build.Recipes;

/// <summary>The variables of one recipe with BitBake's rules: what is set at once and what happens when a value is read.</summary>
/// <remarks>
/// <c>?=</c> and the text operators act when they are parsed and see only what was assigned so far; <c>??=</c>, overrides,
/// <c>:append</c>, <c>:prepend</c> and <c>:remove</c>, in that order, act when the value is read.
/// Source: BitBake user manual, "Syntax and Operators", "Conditional Syntax (Overrides)"; corners from what BitBake 2.8 itself answers.
/// </remarks>
internal sealed partial class DataStore
{
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly OverriddenNames _overridden = new();
    private readonly HashSet<string> _functions = new(StringComparer.Ordinal);
    private readonly List<string> _classes = [];

    /// <summary>Runs one assignment.</summary>
    /// <param name="step">Where it stands.</param>
    /// <exception cref="ExpansionException">A <c>:=</c> whose value cannot be expanded, or a name that BitBake refuses.</exception>
    public void Assign(string name, string? flag, Operator op, string text, RecipeStep? step = null)
    {
        RefuseOldNames(name);
        var variable = Find(name);
        var held = flag is null ? variable?.Content : variable?.Flags.GetValueOrDefault(flag);
        ExpansionException? unknown = null;
        var value = op switch
        {
            Operator.SetNow => ExpandNow(text, flag is null && !name.Contains(":append", StringComparison.Ordinal), out unknown),
            Operator.SetIfUnset => held ?? text,
            Operator.AppendWord => $"{held} {text}",
            Operator.PrependWord => $"{text} {held}",
            Operator.AppendText => held + text,
            Operator.PrependText => text + held,
            _ => text,
        };
        Forget();
        if (flag is not null)
        {
            Declare(name).Flags[flag] = value;
            return;
        }
        IReadOnlyList<RecipeStep> steps = op switch
        {
            _ when step is null => [],
            Operator.Set or Operator.SetNow or Operator.WeakDefault => [step],
            Operator.SetIfUnset when held is not null => variable!.ContentSteps,
            _ => [.. variable?.ContentSteps ?? [], step],
        };
        if (op == Operator.WeakDefault) SetWeakDefault(name, value, steps);
        else Set(name, value, steps);
        if (flag is null && Find(name) is { } changed && op is Operator.Set or Operator.SetNow) changed.Unknown = unknown;
    }

    // Python that is not known here matters only when the variable is needed.
    private string ExpandNow(string text, bool mayWait, out ExpansionException? unknown)
    {
        unknown = null;
        try
        {
            return Expand(text);
        }
        catch (ExpansionException problem) when (problem.IsUnsupported && mayWait)
        {
            unknown = problem;
            return text;
        }
    }

    /// <summary>Notes a function of the recipe; its body is not run.</summary>
    /// <param name="isCallable">It is a <c>def</c>, which inline Python could call.</param>
    /// <exception cref="ExpansionException">A name that BitBake refuses.</exception>
    public void DefineFunction(string name, bool isCallable)
    {
        RefuseOldNames(name);
        if (isCallable) _functions.Add(name);
    }

    /// <summary>Inline Python would find a function of the recipe under this name.</summary>
    public bool IsPythonFunction(string name) => _functions.Contains(name);

    /// <summary>Notes that the class in <paramref name="path"/> was read; false when it had been.</summary>
    public bool AddClass(string path)
    {
        if (_classes.Contains(path)) return false;
        _classes.Add(path);
        return true;
    }

    /// <summary>The class of this name was inherited.</summary>
    public bool Inherits(string name) => _classes.Exists(path => path.EndsWith($"/{name}.bbclass", StringComparison.Ordinal));

    /// <summary>Forgets a variable with all that was appended to it, or one of its flags.</summary>
    public void Unset(string name, string? flag)
    {
        Forget();
        if (flag is null) Delete(name);
        else Find(name)?.Flags.Remove(flag);
    }

    /// <summary>Puts a plain value in place of all that the variable holds, appended text included.</summary>
    public void Replace(string name, string value)
    {
        Forget();
        if (Find(name) is { } variable)
        {
            variable.Appends.Clear();
            variable.Prepends.Clear();
            variable.Removes.Clear();
        }
        if (_overridden.Of(name) is { } entries)
        {
            foreach (var entry in entries.Where(e => IsActive(e.Override)).ToList()) Delete(entry.Name);
            _overridden.Take(name);
        }
        Set(name, value, Find(name)?.ContentSteps ?? []);
    }

    /// <summary>Replaces <c>${reference}</c> in every value that holds it, as is done for LAYERDIR when a meta layer was read.</summary>
    public void Inline(string reference, string value)
    {
        foreach (var name in _variables.Keys.ToList())
        {
            if (Find(name) is { Unknown: null } && GetUnexpanded(name) is { } text && text.Contains($"${{{reference}}}", StringComparison.Ordinal)) Replace(name, text.Replace($"${{{reference}}}", value, StringComparison.Ordinal));
        }
    }

    /// <summary>Renames the variables whose names hold references, once all is parsed.</summary>
    /// <exception cref="ExpansionException">A name cannot be expanded.</exception>
    public void ExpandNames()
    {
        var names = _variables.Where(v => !v.Value.IsEmpty).Select(v => v.Key)
            .Concat(_overridden.ShortNames.Where(n => _overridden.Of(n)!.Any(e => IsActive(e.Override))))
            .Where(n => n.Contains("${", StringComparison.Ordinal))
            .Distinct().Order(StringComparer.Ordinal)
            .Select(n => (Old: n, New: Expand(n)))
            .Where(pair => pair.Old != pair.New)
            .ToList();
        foreach (var (old, now) in names)
        {
            // BitBake looks at both values to warn of a clash, and so fails on one that cannot be read.
            if (GetUnexpanded(now) is not null) _ = GetUnexpanded(old);
            Rename(old, now);
        }
    }

    private void Rename(string old, string now)
    {
        Forget();
        var variable = Find(old);
        if (variable?.Content is { } content) Set(now, content, variable.ContentSteps);
        else if (variable?.WeakDefault is { } weak) Set(now, weak, variable.WeakSteps);
        if (variable is not null && variable.Appends.Count + variable.Prepends.Count + variable.Removes.Count > 0)
        {
            var target = Declare(now);
            target.Appends.AddRange(variable.Appends);
            target.Prepends.AddRange(variable.Prepends);
            target.Removes.AddRange(variable.Removes);
        }
        if (_overridden.Take(old) is { } entries)
        {
            var renamed = entries.Select(e => e with { Name = e.Name.Replace(old, now, StringComparison.Ordinal) }).ToList();
            _overridden.Replace(now, []);
            for (var i = 0; i < entries.Count; i++)
            {
                _overridden.Replace(now, [.. _overridden.Of(now)!, renamed[i]]);
                Rename(entries[i].Name, renamed[i].Name);
            }
        }
        if (now.Contains(':', StringComparison.Ordinal) && variable is null or { Content: null, WeakDefault: null }) _overridden.Add(now);
        Delete(old);
        Forget();
    }

    private void Set(string name, string value, IReadOnlyList<RecipeStep> steps)
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
            changes.Add(new(value, match.Groups["overrides"] is { Success: true } overrides ? overrides.Value : null, steps.Count > 0 ? steps[^1] : null));
            _overridden.Add(match.Groups["base"].Value);
            return;
        }
        var target = Declare(name);
        (target.Content, target.ContentSteps) = (value, steps);
        if (name.Contains(':', StringComparison.Ordinal)) _overridden.Add(name);
    }

    private void SetWeakDefault(string name, string value, IReadOnlyList<RecipeStep> steps)
    {
        var variable = Declare(name);
        (variable.WeakDefault, variable.WeakSteps) = (value, steps);
        if (name.Contains(':', StringComparison.Ordinal)) _overridden.Add(name);
    }

    private void Delete(string name)
    {
        _variables.Remove(name);
        _overridden.Remove(name);
    }

    private Variable? Find(string name) => _variables.GetValueOrDefault(name);

    private Variable Declare(string name)
    {
        if (!_variables.TryGetValue(name, out var variable)) _variables[name] = variable = new();
        return variable;
    }

    private static void RefuseOldNames(string name)
    {
        if (OldName().Match(name) is { Success: true } old && !name.StartsWith("__anon_", StringComparison.Ordinal))
            throw new ExpansionException($"'{Model.Identity.Quote.Short(name)}' has the old form of an override, which BitBake refuses; write :{old.Groups[1].Value} in place of _{old.Groups[1].Value}");
    }

    [GeneratedRegex("""^(?<base>.*?)(?<keyword>:append|:prepend|:remove)(:(?<overrides>[^A-Z]*))?$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Keyword();

    [GeneratedRegex("""_(append|prepend|remove)""")]
    private static partial Regex OldName();
}
