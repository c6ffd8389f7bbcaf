using System.CommandLine;

namespace Strata.Cli.Commands.Recipes;

/// <summary><c>strata recipe</c>: what recipes say.</summary>
internal static class RecipeCommand
{
    public static Command Create() => new("recipe", "Read, check and begin layer recipes.") { RecipeShowCommand.Create(), RecipeCheckCommand.Create(), RecipeNewCommand.Create() };
}
