using Strata.Model.Identity;

namespace Strata.Build.Recipes.Python;

/// <summary>The names that inline Python may use: <c>d</c>, some builtins, and functions of BitBake and openembedded-core.</summary>
/// <remarks>A name that is neither is a variable of the recipe, as in BitBake. Source: BitBake user manual, "Inline Python variable expansion", and the functions' own descriptions.</remarks>
internal sealed class PythonLibrary(DataStore data)
{
    private static readonly PythonModule Data = new("d");
    private static readonly HashSet<string> Modules = new(StringComparer.Ordinal) { "bb", "bb.utils", "bb.data", "bb.parse", "oe", "oe.utils", "oe.types", "os", "os.path" };
    private readonly FeatureFunctions _features = new(data);

    /// <summary>What <paramref name="name"/> stands for.</summary>
    /// <exception cref="PythonException">It is not known.</exception>
    public object? Name(string name)
    {
        if (name == "d") return Data;
        if (Modules.Contains(name)) return new PythonModule(name);
        if (PythonBuiltins.Find(name) is { } function) return function;
        if (!data.IsPythonFunction(name) && data.Get(name) is { } value) return value;
        throw new UnsupportedPythonException($"'{name}' is not supported and no variable of that name is set");
    }

    /// <summary><c>owner.name</c>.</summary>
    /// <exception cref="PythonException">It is not known.</exception>
    public object Member(object? owner, string name) => owner switch
    {
        PythonModule { Name: "d" } => OfData(name) ?? throw new UnsupportedPythonException($"d.{name} is not supported; d.getVar, d.getVarFlag and d.expand are"),
        PythonModule module when Modules.Contains($"{module.Name}.{name}") => new PythonModule($"{module.Name}.{name}"),
        PythonModule module => OfModule($"{module.Name}.{name}") ?? throw new UnsupportedPythonException($"{module.Name}.{name} is not supported"),
        string text => PythonText.Method(text, name) ?? throw new UnsupportedPythonException($"the string method {name} is not supported"),
        PythonSequence sequence => PythonBuiltins.Method(sequence, name) ?? throw new UnsupportedPythonException($"the {PythonValue.TypeOf(sequence)} method {name} is not supported"),
        _ => throw new PythonException($"{PythonValue.TypeOf(owner)} has no '{name}'{PythonValue.HintOf(owner)}"),
    };

    private PythonFunction? OfData(string name) => name switch
    {
        "getVar" => new("d.getVar", a => Value(a.Text(0, "var"), a.Optional(1, "expand", true))),
        "getVarFlag" => new("d.getVarFlag", a => data.GetFlag(a.Text(0, "var"), a.Text(1, "flag"), PythonValue.IsTrue(a.Optional(2, "expand", true)))),
        "expand" => new("d.expand", a => data.Expand(a.Text(0, "s"))),
        _ => null,
    };

    private string? Value(string name, object? expand) => PythonValue.IsTrue(expand) ? data.Get(name) : data.GetUnexpanded(name);

    private PythonFunction? OfModule(string name) => OfPaths(name) ?? _features.Find(name);

    private static PythonFunction? OfPaths(string name) => name switch
    {
        "os.path.basename" => new(name, a => a.Text(0, "p")[(a.Text(0, "p").LastIndexOf('/') + 1)..]),
        "os.path.dirname" => new(name, a => Folder(a.Text(0, "p"))),
        "os.path.normpath" => new(name, a => Normal(a.Text(0, "path"))),
        "os.path.join" => new(name, a => a.From(0).Cast<string>().Aggregate(Join)),
        "os.path.splitext" => new(name, a => SplitExtension(a.Text(0, "p"))),
        "bb.parse.vars_from_file" => new(name, a => NameParts(a.OptionalText(0, "mypkg"), a.Required(1, "d"))),
        "os.path.isabs" => new(name, a => a.Text(0, "s").StartsWith('/')),
        _ => null,
    };

    // Name, version and revision; None for what the file's name does not give.
    private static PythonSequence NameParts(string? path, object? _)
    {
        if (path is null || !(path.EndsWith(".bb", StringComparison.Ordinal) || path.EndsWith(".bbappend", StringComparison.Ordinal))) return new(SequenceKind.List, [null, null, null]);
        var name = path[(path.LastIndexOf('/') + 1)..path.LastIndexOf('.')];
        var parts = name.Split('_');
        return parts.Length <= 3
            ? new(SequenceKind.List, [.. parts, .. Enumerable.Repeat<object?>(null, 3 - parts.Length)])
            : throw new PythonException($"the file name '{Quote.Short(name)}' has more than two underscores; BitBake reads NAME_VERSION_REVISION.bb");
    }

    private static string Folder(string path)
    {
        var folder = path[..(path.LastIndexOf('/') + 1)];
        return folder.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : folder;
    }

    private static string Normal(string path)
    {
        var start = path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? "//" : path.StartsWith('/') ? "/" : "";
        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(p => p is not ("" or ".")))
        {
            if (part != ".." || (start.Length == 0 && parts.Count == 0) || parts is [.., ".."]) parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        var normal = start + string.Join('/', parts);
        return normal.Length > 0 ? normal : ".";
    }

    private static string Join(string a, string b) => b.StartsWith('/') || a.Length == 0 ? b : a.EndsWith('/') ? a + b : $"{a}/{b}";

    private static PythonSequence SplitExtension(string path)
    {
        var name = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        var first = name;
        while (first < path.Length && path[first] == '.') first++;
        var at = dot > first ? dot : path.Length;
        return new(SequenceKind.Tuple, [path[..at], path[at..]]);
    }
}
