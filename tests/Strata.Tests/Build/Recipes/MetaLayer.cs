using Strata.Build.Recipes;
using Xunit;

namespace Strata.Tests.Build.Recipes;

/// <summary>A meta layer in a temporary folder.</summary>
internal sealed class MetaLayer : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("recipes-test-").FullName;

    public string Add(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text.ReplaceLineEndings("\n"));
        return file;
    }

    public string AddLayer(string name, string text) => Add($"recipes-aos-layers/{name}/{name}.bb", text);

    /// <summary>Reads one recipe of this text with the base include file behind it.</summary>
    public Recipe Read(string text, params string[] settings) => ReadFile(AddLayer("aos-x-layer", text), settings);

    public static Recipe ReadFile(string file, params string[] settings) => RecipeReader.Read(file, new() { Settings = settings }) switch
    {
        RecipeReading.Read read => read.Recipe,
        RecipeReading.Refused refused => throw new InvalidOperationException(string.Join('\n', refused.Mistakes)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static IReadOnlyList<RecipeMistake> Refusal(string file) => Assert.IsType<RecipeReading.Refused>(RecipeReader.Read(file, new())).Mistakes;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
