using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Runs the statements of a recipe and of all it requires and inherits, in order, on one data store.</summary>
internal sealed class RecipeEvaluator(RecipePath path)
{
    // Deeper than any recipe; a chain of that length is a mistake that no cycle test would see, such as a path that grows.
    private const int DeepestInclude = 64;
    private readonly List<RecipeMistake> _mistakes = [];
    private readonly List<RecipeMistake> _notes = [];
    private readonly List<Statement.Inherit> _deferred = [];
    private readonly List<(string File, SourcePosition? From)> _stack = [];

    /// <summary>The variables.</summary>
    public DataStore Data { get; } = new();

    /// <summary>All that has to be corrected.</summary>
    public IReadOnlyList<RecipeMistake> Mistakes => _mistakes;

    /// <summary>What was passed over.</summary>
    public IReadOnlyList<RecipeMistake> Notes => _notes;

    /// <summary>The files that a <c>require</c> or <c>include</c> led to, each with its place, in order.</summary>
    public List<IncludedFile> Included { get; } = [];

    /// <summary>The assignments to variables themselves, overrides and flags left aside, in order.</summary>
    public List<RecipeStep> Assigned { get; } = [];

    /// <summary>Reads <paramref name="file"/> and all it leads to.</summary>
    public void Run(RecipeFile file, SourcePosition? from = null)
    {
        if (_stack.Exists(entry => SameFile(entry.File, file.Path)) || _stack.Count >= DeepestInclude)
        {
            var circle = _stack.Select(entry => entry.File).Append(file.Path);
            Wrong(from!, $"this closes a circle: {string.Join(" -> ", circle)}; take one of these lines out");
            return;
        }
        if (file.Text.AsSpan().IndexOfAny('\0', '\uFFFD') >= 0)
        {
            Wrong(new(file.Path, 1, 1), "the file is not UTF-8 text; save it as UTF-8, or name another.");
            return;
        }
        var outer = Data.GetUnexpanded("FILE");
        _stack.Add((file.Path, from));
        if (!file.IsClass) Enter(file.FullPath);
        var (statements, mistakes) = StatementParser.Parse(file.Path, file.Text, file.IsConfiguration);
        foreach (var mistake in mistakes) Wrong(mistake.At, mistake.Message);
        foreach (var statement in statements) Run(statement, file);
        _stack.RemoveAt(_stack.Count - 1);
        if (!file.IsClass && outer is not null) Enter(outer);
    }

    /// <summary>Runs one <c>VAR=VALUE</c> of the command line.</summary>
    public void Set(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        var (statements, _) = StatementParser.Parse("--set", $"{setting[..Math.Max(0, equals)]}=\"\"", isConfiguration: true);
        if (statements is not [Statement.Assign { Operator: Operator.Set } assign])
        {
            Wrong(SourcePosition.CommandLine, $"'{Quote.Short(setting)}' is not VAR=VALUE.");
            return;
        }
        var given = assign with { At = SourcePosition.CommandLine, Value = setting[(equals + 1)..], ValueAt = _ => SourcePosition.CommandLine };
        Try(given.At, () => Assign(given));
    }

    /// <summary>Inherits the classes that the configuration's INHERIT names.</summary>
    public void InheritConfigured()
    {
        try
        {
            var last = StepsOf("INHERIT").LastOrDefault();
            foreach (var name in DataStore.Words(Data.Get("INHERIT"))) Inherit(name, last?.At ?? SourcePosition.CommandLine, RecipePath.ConfiguredClassFolders);
        }
        catch (ExpansionException problem)
        {
            Wrong(problem, "INHERIT", SourcePosition.CommandLine);
        }
    }

    /// <summary>Does what waits for the end of all files: deferred classes, and names that hold references.</summary>
    public void Finish()
    {
        for (var i = 0; i < _deferred.Count; i++) Try(_deferred[i].At, () => Inherit(_deferred[i]));
        Try(_deferred.LastOrDefault()?.At ?? SourcePosition.CommandLine, Data.ExpandNames);
    }

    /// <summary>Notes a mistake with the files that led to it.</summary>
    public void Wrong(SourcePosition at, string message) => _mistakes.Add(new(at, message) { Chain = Chain() });

    /// <summary>Notes that <paramref name="variable"/> cannot be expanded, at the statement whose text is to blame.</summary>
    public void Wrong(ExpansionException problem, string variable, SourcePosition otherwise)
    {
        var steps = problem.Variables.Append(variable).Distinct().SelectMany(name => StepsOf(name).AsEnumerable().Reverse()).ToList();
        var step = steps.Find(s => problem.Snippet is { } snippet && s.Text.Contains(snippet, StringComparison.Ordinal))
            ?? steps.Find(s => problem.Snippet is not null && s.Text.Contains("${@", StringComparison.Ordinal))
            ?? steps.FirstOrDefault();
        var offset = step is null || problem.Snippet is null ? -1 : step.Text.IndexOf(problem.Snippet, StringComparison.Ordinal);
        var via = problem.Variables is [var first, ..] && first != variable ? $"{variable} needs {first}, which cannot be worked out" : $"{variable} cannot be worked out";
        var at = step is null ? otherwise : offset >= 0 ? step.TextAt(offset) : step.At;
        _mistakes.Add(new(at, $"{via}: {problem.Message}.") { Chain = step?.Chain ?? [] });
    }

    /// <summary>The statements that gave a variable its value; none when OVERRIDES itself cannot be read.</summary>
    public List<RecipeStep> StepsOf(string name)
    {
        try
        {
            return [.. Data.StepsOf(name)];
        }
        catch (ExpansionException)
        {
            return [];
        }
    }

    private void Run(Statement statement, RecipeFile file) => Try(statement.At, () =>
    {
        switch (statement)
        {
            case Statement.Assign assign:
                Assign(assign);
                break;
            case Statement.Unset unset:
                Data.Unset(unset.Variable, unset.Flag);
                break;
            case Statement.Include include:
                foreach (var wanted in DataStore.Words(Data.Expand(include.Paths))) Include(include, wanted, file);
                break;
            case Statement.Inherit { Deferred: true } inherit:
                _deferred.Add(inherit);
                break;
            case Statement.Inherit inherit:
                Inherit(inherit);
                break;
            case Statement.Function function:
                Define(function);
                break;
        }
    });

    private void Try(SourcePosition at, Action action)
    {
        try
        {
            action();
        }
        catch (ExpansionException problem)
        {
            Wrong(at, problem.Variables is [var first, ..] ? $"{first} cannot be worked out: {problem.Message}." : $"{problem.Message}.");
        }
    }

    private void Assign(Statement.Assign assign)
    {
        if (RenamedVariables.CureFor(assign.Variable) is { } cure) Wrong(assign.At, cure);
        var step = new RecipeStep(assign.Flag is null ? assign.Variable : $"{assign.Variable}[{assign.Flag}]", assign.Operator.Text(), assign.Value, assign.At) { Chain = Chain(), TextAt = assign.ValueAt };
        Data.Assign(assign.Variable, assign.Flag, assign.Operator, assign.Value, step);
        if (RecipeVariables.Names.Contains(step.Variable)) Assigned.Add(step);
    }

    private void Include(Statement.Include include, string wanted, RecipeFile file)
    {
        if (path.FindInclude(wanted, file.Folder) is not { } found)
        {
            if (include.Required) Wrong(include.At, $"'{Quote.Short(wanted)}' is not found in {string.Join(", ", path.Roots.Prepend(file.Folder).Distinct())}; correct the name, or add its meta layer with --path DIR.");
            return;
        }
        if (!found.IsReadable)
        {
            Wrong(include.At, $"'{Quote.Short(wanted)}' is no file that BitBake reads; its name has to end in .bb, .inc, .bbclass or .conf.");
            return;
        }
        Included.Add(new(include.At, found.Path));
        Run(found, include.At);
    }

    private void Inherit(Statement.Inherit inherit)
    {
        try
        {
            foreach (var name in DataStore.Words(Data.Expand(inherit.Classes))) Inherit(name, inherit.At, RecipePath.RecipeClassFolders);
        }
        catch (ExpansionException problem) when (problem.IsUnsupported)
        {
            _notes.Add(new(inherit.At, $"it is not known which class this is, and it was passed over: {problem.Message}.") { Chain = Chain() });
        }
    }

    private void Inherit(string name, SourcePosition at, IReadOnlyList<string> folders)
    {
        if (path.FindClass(name, folders) is not { } found) _notes.Add(new(at, $"class '{Quote.Short(name)}' is not on the path and was passed over; what it would set is missing.") { Chain = Chain() });
        else if (Data.AddClass(found.FullPath)) Run(found, at);
    }

    private void Define(Statement.Function function)
    {
        if (function.Name is not null) Data.DefineFunction(function.Name, function.IsCallable);
        else if (RecipeVariables.ChangedBy(function.Body) is { } variable)
            Wrong(function.At, $"the Python that stands here would change {variable} when BitBake reads the recipe, and is not run; set the value outright.");
    }

    private void Enter(string file) => Data.Replace("FILE", file);

    private EquatableList<SourcePosition> Chain() => [.. _stack.Where(entry => entry.From is not null).Select(entry => entry.From!)];

    private static bool SameFile(string a, string b) => a == b || Path.GetFullPath(a) == Path.GetFullPath(b);
}
