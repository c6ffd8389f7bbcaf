using System.CommandLine;
using Strata.Build.Recipes;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Recipes;

/// <summary><c>strata recipe show</c>: the values of a recipe as BitBake would give them.</summary>
internal static class RecipeShowCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("recipe") { Description = "A .bb file, or the name of a recipe on the --path." };
        var command = new Command("show", "Show what a layer recipe says, its parents taken into account.") { file };
        var around = new RecipeArguments(command);
        return command.Runs(
            "strata recipe show samples/recipes-aos-layers/aos-pylibs-layer/aos-pylibs-layer.bb",
            (parsed, terminal, _) =>
            {
                Show(parsed.GetRequiredValue(file), around.Read(parsed), terminal);
                return Task.FromResult(ExitCode.Ok);
            });
    }

    /// <summary>Writes the values of a recipe.</summary>
    public static void Show(string nameOrFile, RecipeOptions options, Terminal terminal)
    {
        var read = RecipeReader.Read(nameOrFile, options).OrRefuse();
        foreach (var note in read.Recipe.Notes) terminal.Note($"note: {note}");
        var values = RecipeValues.Of(read.Recipe);
        terminal.Result(values, RecipeJson.Default.RecipeValues, text =>
        {
            foreach (var (name, value) in values.Rows()) text.WriteLine($"{name,-20} {value}");
        });
    }
}
