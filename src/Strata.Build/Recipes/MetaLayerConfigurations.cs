using System.Globalization;

namespace Strata.Build.Recipes;

/// <summary>Reads the <c>conf/layer.conf</c> of the meta layers on the path, before all else, as BitBake does.</summary>
internal sealed class MetaLayerConfigurations
{
    private readonly Dictionary<string, (string Collection, int Priority)> _byRoot = new(StringComparer.Ordinal);

    /// <summary>Runs them all on <paramref name="evaluator"/>.</summary>
    public static MetaLayerConfigurations Read(RecipePath path, RecipeEvaluator evaluator)
    {
        var found = new MetaLayerConfigurations();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (root, file) in path.Configurations())
        {
            var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
            try
            {
                evaluator.Data.Replace("LAYERDIR", folder);
                evaluator.Run(file);
                evaluator.Data.Inline("LAYERDIR", folder);
                evaluator.Data.Unset("LAYERDIR", null);
                foreach (var collection in DataStore.Words(evaluator.Data.Get("BBFILE_COLLECTIONS")).Where(known.Add))
                {
                    var priority = evaluator.Data.Get($"BBFILE_PRIORITY_{collection}");
                    found._byRoot[root] = (collection, int.TryParse(priority, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0);
                }
            }
            catch (ExpansionException problem)
            {
                evaluator.Wrong(problem, "BBFILE_COLLECTIONS", new(file.Path, 1, 1));
            }
        }
        return found;
    }

    /// <summary>The name under which the meta layer's files have an override, <c>layer-NAME</c>; null when it has no configuration.</summary>
    public string? CollectionOf(string root) => _byRoot.TryGetValue(root, out var found) ? found.Collection : null;

    /// <summary>BBFILE_PRIORITY of a meta layer; 0 when it has none.</summary>
    public int PriorityOf(string root) => _byRoot.TryGetValue(root, out var found) ? found.Priority : 0;
}
