using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Takes the values out of an evaluated recipe; what cannot be expanded becomes a mistake.</summary>
internal sealed class RecipeValues(RecipeEvaluator evaluator, string file)
{
    /// <summary>The recipe; to be used only when there are no mistakes.</summary>
    public Recipe Read() => new()
    {
        File = file,
        Name = Text("PN"),
        Version = Text("PV"),
        Summary = Text("SUMMARY"),
        License = Text("LICENSE"),
        BaseImage = Text("AOS_BASE_IMAGE"),
        ParentLayer = Text("AOS_PARENT_LAYER").Trim(),
        LayerVersion = Text("AOS_LAYER_VERSION").Trim(),
        Features = [.. DataStore.Words(Text("AOS_LAYER_FEATURES"))],
        Whiteouts = [.. DataStore.Words(Text("AOS_LAYER_WHITEOUTS"))],
        Notes = [.. evaluator.Notes],
        Included = [.. evaluator.Included],
        Lost = [.. RecipeVariables.Names.SelectMany(Lost)],
        Trace = [.. RecipeVariables.Names.Select(Traced)],
    };

    private string Text(string variable)
    {
        try
        {
            return evaluator.Data.Get(variable) ?? "";
        }
        catch (ExpansionException problem)
        {
            evaluator.Wrong(problem, variable, new(file, 0, 0));
            return "";
        }
    }

    private IEnumerable<LostStep> Lost(string variable)
    {
        var counting = evaluator.StepsOf(variable);
        if (counting is not [var by, ..] || by.At.File == file || by.Operator is not ("=" or ":=")) return [];
        var own = evaluator.Assigned.Where(step => step.Variable == variable && step.At.File == file && step.Operator is not ("?=" or "??="));
        return own.Where(step => !counting.Contains(step)).Select(step => new LostStep(step, by));
    }

    private RecipeTrace Traced(string variable)
    {
        try
        {
            return new(variable, [.. evaluator.Data.Trace(variable)]);
        }
        catch (ExpansionException)
        {
            // The value's own mistake says it all.
            return new(variable, []);
        }
    }
}
