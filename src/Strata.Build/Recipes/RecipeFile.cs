namespace Strata.Build.Recipes;

/// <summary>A file of recipe text.</summary>
/// <param name="Path">What messages call it, and what tells it from another in a cycle.</param>
internal sealed record RecipeFile(string Path, string Text)
{
    private static readonly string[] Endings = [".bb", ".bbclass", ".inc", ".conf"];

    /// <summary>The folder beside which a relative <c>require</c> looks first.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder ? folder : ".";

    /// <summary>What FILE holds while it is read.</summary>
    public string FullPath => IsBuiltIn ? Path : System.IO.Path.GetFullPath(Path);

    /// <summary>A class: reading one leaves FILE as it is.</summary>
    public bool IsClass => Path.EndsWith(".bbclass", StringComparison.Ordinal);

    /// <summary>A name of the kinds that BitBake reads.</summary>
    public bool IsReadable => Array.Exists(Endings, ending => Path.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Written as a configuration file: neither functions nor <c>inherit</c>. The build's own may have any name.</summary>
    public bool IsConfiguration { get; init; } = Path.EndsWith(".conf", StringComparison.Ordinal);

    private bool IsBuiltIn => Path.StartsWith("(built in)", StringComparison.Ordinal);
}
