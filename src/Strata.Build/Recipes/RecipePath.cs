namespace Strata.Build.Recipes;

/// <summary>The meta layers in which recipes, include files and classes are looked up, in this order.</summary>
/// <param name="roots">Folders that hold <c>recipes-*/</c> and <c>classes/</c>.</param>
internal sealed class RecipePath(IReadOnlyList<string> roots)
{
    // A recipe is text; one of more than a mebibyte is something else.
    private const long LongestFile = 1 << 20;

    /// <summary>Where <c>inherit</c> looks.</summary>
    public static readonly IReadOnlyList<string> RecipeClassFolders = ["classes-recipe", "classes"];

    /// <summary>Where INHERIT looks.</summary>
    public static readonly IReadOnlyList<string> ConfiguredClassFolders = ["classes-global", "classes"];

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

    /// <summary>The class called <paramref name="name"/> in the first of the <paramref name="folders"/> that has it in any meta layer; null when it is nowhere.</summary>
    public RecipeFile? FindClass(string name, IReadOnlyList<string> folders)
    {
        if (Path.IsPathRooted(name)) return Read(name);
        var file = name.EndsWith(".bbclass", StringComparison.Ordinal) ? [name] : folders.Select(folder => Path.Combine(folder, name + ".bbclass"));
        return file.SelectMany(path => roots.Select(root => Read(Path.Combine(root, path)))).FirstOrDefault(f => f is not null) ?? BuiltInFiles.Class(name);
    }

    /// <summary>The configurations of the meta layers that have one.</summary>
    public IEnumerable<(string Root, RecipeFile File)> Configurations() =>
        from root in roots
        let file = Read(Path.Combine(root, "conf", "layer.conf"))
        where file is not null
        select (root, file);

    /// <summary>The <c>.bbappend</c> files for <paramref name="recipe"/>; <c>name_%</c> stands for every version. Of one meta layer by name.</summary>
    /// <param name="priorityOf">The priority of a meta layer; the lowest is applied first.</param>
    public IEnumerable<RecipeFile> AppendsFor(string recipe, Func<string, int> priorityOf)
    {
        var name = Path.GetFileNameWithoutExtension(recipe);
        return from root in roots.OrderBy(priorityOf)
               from file in Recipes(root, "*.bbappend")
               let pattern = Path.GetFileNameWithoutExtension(file)
               let wildcard = pattern.IndexOf('%', StringComparison.Ordinal)
               where wildcard < 0 ? pattern == name : (name + ".bb").StartsWith(pattern[..wildcard], StringComparison.Ordinal)
               select Read(file);
    }

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
        if (info.Length > LongestFile) throw new IOException($"{path} has {info.Length} bytes, too many for a recipe.");
        // Byte order marks stay in the text: BitBake does not take them out either.
        return new(path, System.Text.Encoding.UTF8.GetString(Bytes(path)));
    }

    // A link of a stranger's meta layer may lead to a device, which has no length and no end, or to a pipe, which keeps its reader waiting.
    private static ReadOnlySpan<byte> Bytes(string path)
    {
        if ((File.GetAttributes(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) & FileAttributes.Device) != 0) throw new IOException($"{path} is a device, and no recipe.");
        using var file = File.OpenRead(path);
        var bytes = new byte[LongestFile + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= LongestFile ? bytes.AsSpan(0, length) : throw new IOException($"{path} has more than {LongestFile} bytes, too many for a recipe.");
    }

    private IEnumerable<string> Recipes() => roots.SelectMany(root => Recipes(root, "*.bb"));

    private static IEnumerable<string> Recipes(string root, string pattern) =>
        from known in Directory.Exists(root) ? (string[])[root] : []
        from family in Directory.EnumerateDirectories(known, "recipes-*").Order(StringComparer.Ordinal)
        from folder in Directory.EnumerateDirectories(family).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)
        select file;

    // Messages show the path as the user would write it: relative stays relative.
    private static string Relative(string full, string given) => Path.IsPathRooted(given) ? full : Path.GetRelativePath(Directory.GetCurrentDirectory(), full);
}
