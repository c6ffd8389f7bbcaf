using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Runs the statements of a recipe and of all it requires and inherits, in order, on one data store.</summary>
internal sealed class RecipeEvaluator(RecipePath path)
{
    // Deeper than any recipe; a chain of that length is a mistake that no cycle test would see, such as a path that grows.
    private const int DeepestInclude = 64;
    private readonly List<RecipeMistake> _mistakes = [];
    private readonly List<RecipeMistake> _notes = [];
    private readonly List<Statement.Assign> _assignments = [];
    private readonly HashSet<string> _inherited = new(StringComparer.Ordinal);
    private readonly List<(string File, SourcePosition? From)> _stack = [];

    /// <summary>The variables.</summary>
    public DataStore Data { get; } = new();

    /// <summary>All that has to be corrected.</summary>
    public IReadOnlyList<RecipeMistake> Mistakes => _mistakes;

    /// <summary>What was passed over.</summary>
    public IReadOnlyList<RecipeMistake> Notes => _notes;

    /// <summary>Assignments that were run, in order.</summary>
    public IReadOnlyList<Statement.Assign> Assignments => _assignments;

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
        _stack.Add((file.Path, from));
        Enter(file);
        var (statements, mistakes) = StatementParser.Parse(file.Path, file.Text);
        foreach (var mistake in mistakes) Wrong(mistake.At, mistake.Message);
        foreach (var statement in statements) Run(statement, file);
        _stack.RemoveAt(_stack.Count - 1);
    }

    /// <summary>Notes a mistake with the files that led to it.</summary>
    public void Wrong(SourcePosition at, string message) => _mistakes.Add(new(at, message) { Chain = Chain() });

    private void Run(Statement statement, RecipeFile file)
    {
        try
        {
            switch (statement)
            {
                case Statement.Assign assign:
                    Data.Assign(assign.Variable, assign.Flag, assign.Operator, assign.Value);
                    _assignments.Add(assign);
                    break;
                case Statement.Unset unset:
                    Data.Unset(unset.Variable, unset.Flag);
                    break;
                case Statement.Include include:
                    Include(include, file);
                    break;
                case Statement.Inherit inherit:
                    Inherit(inherit);
                    break;
            }
        }
        catch (ExpansionException problem)
        {
            Wrong(statement.At, problem.Message + ".");
        }
    }

    private void Include(Statement.Include include, RecipeFile file)
    {
        var wanted = Data.Expand(include.Path).Trim();
        if (wanted.Length == 0) return;
        if (path.FindInclude(wanted, file.Folder) is { } found)
        {
            Run(found, include.At);
            Enter(file);
        }
        else if (include.Required)
        {
            Wrong(include.At, $"'{Quote.Short(wanted)}' is not found in {string.Join(", ", path.Roots.Prepend(file.Folder).Distinct())}; correct the name, or add its meta layer with --path DIR.");
        }
    }

    private void Inherit(Statement.Inherit inherit)
    {
        foreach (var name in DataStore.Words(Data.Expand(inherit.Classes)))
        {
            if (!_inherited.Add(name)) continue;
            if (path.FindClass(name) is { } found) Run(found, inherit.At);
            else _notes.Add(new(inherit.At, $"class '{Quote.Short(name)}' is not on the path and was passed over.") { Chain = Chain() });
        }
    }

    private void Enter(RecipeFile file)
    {
        Data.Assign("FILE", null, Operator.Set, file.Path);
        Data.Assign("THISDIR", null, Operator.Set, file.Folder);
        Data.Assign("FILE_DIRNAME", null, Operator.Set, file.Folder);
    }

    private EquatableList<SourcePosition> Chain() => [.. _stack.Where(entry => entry.From is not null).Select(entry => entry.From!)];

    private static bool SameFile(string a, string b) => a == b || Path.GetFullPath(a) == Path.GetFullPath(b);
}
