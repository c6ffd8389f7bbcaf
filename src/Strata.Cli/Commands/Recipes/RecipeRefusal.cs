using Strata.Build.Recipes;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Recipes;

/// <summary>How a refused recipe ends a command.</summary>
internal static class RecipeRefusal
{
    /// <summary>The recipe, or the end of the command with every mistake on a line of its own.</summary>
    public static RecipeReading.Read OrRefuse(this RecipeReading reading) => reading switch
    {
        RecipeReading.Read read => read,
        RecipeReading.Refused refused => throw new CommandFailure(ExitCode.Refused, string.Join('\n', refused.Mistakes)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
