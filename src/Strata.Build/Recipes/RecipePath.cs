namespace Strata.Build.Recipes;

/// <summary>The meta layers in which recipes, include files and classes are looked up, in this order.</summary>
/// <param name="roots">Folders that hold <c>recipes-*/</c> and <c>classes/</c>.</param>
internal sealed class RecipePath(IReadOnlyList<string> roots)
{
    // A recipe is text; one of more than a mebibyte is something else.
    private const long LongestFile = 1 << 20;
    private static readonly string[] ClassFolders = ["classes-recipe", "classes", "classes-global"];

    /// <summary>The folders, for messages.</summary>
    public IReadOnlyList<string> Roots => roots;

    /// <summary>The root of the meta layer that <paramref name="recipe"/> belongs to: the folder that holds its <c>recipes-*</c>, or its own folder.</summary>
    public static string RootOf(string recipe)
    {
        var folder = Path.GetDirectoryName(recipe) is { Length: > 0 } own ? own : ".";
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "conf", "layer.conf"))) return Relative(at.FullName, folder);
            if (at.Name.StartsWith("recipes-", StringComparison.Ordinal) && at.Parent is { } root) return Relative(root.FullName, folder);
        }
        return folder;
    }

    /// <summary>What <c>require</c> of <paramref name="path"/> means in a file of <paramref name="folder"/>; null when it is nowhere.</summary>
    public RecipeFile? FindInclude(string path, string folder) => Path.IsPathRooted(path)
        ? Read(path)
        : roots.Prepend(folder).Select(root => Read(Path.Combine(root, path))).FirstOrDefault(f => f is not null) ?? BuiltInFiles.Include(path);

    /// <summary>The class called <paramref name="name"/>; null when it is nowhere.</summary>
    public RecipeFile? FindClass(string name) =>
        roots.SelectMany(root => ClassFolders.Select(folder => Read(Path.Combine(root, folder, name + ".bbclass")))).FirstOrDefault(f => f is not null)
        ?? BuiltInFiles.Class(name);

    /// <summary>The file of the recipe called <paramref name="name"/>, <c>name.bb</c> or <c>name_VERSION.bb</c>; null when it is nowhere.</summary>
    public string? FindRecipe(string name) => Recipes().FirstOrDefault(file => NameOf(file) == name);

    /// <summary>The names of all recipes on the path, for proposals.</summary>
    public IEnumerable<string> Names() => Recipes().Select(NameOf).Distinct();

    /// <summary>PN: the file's name up to an underscore.</summary>
    public static string NameOf(string recipe) => Path.GetFileNameWithoutExtension(recipe).Split('_')[0];

    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="IOException">It is too large to be a recipe, or cannot be read.</exception>
    public static RecipeFile? Read(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists) return null;
        return info.Length <= LongestFile
            ? new(path, File.ReadAllText(path))
            : throw new IOException($"{path} has {info.Length} bytes, too many for a recipe.");
    }

    private IEnumerable<string> Recipes() =>
        from root in roots
        where Directory.Exists(root)
        from family in Directory.EnumerateDirectories(root, "recipes-*").Order(StringComparer.Ordinal)
        from folder in Directory.EnumerateDirectories(family).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(folder, "*.bb").Order(StringComparer.Ordinal)
        select file;

    // Messages show the path as the user would write it: relative stays relative.
    private static string Relative(string full, string given) => Path.IsPathRooted(given) ? full : Path.GetRelativePath(Directory.GetCurrentDirectory(), full);
}
