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
        var trace = new Option<bool>("--trace") { Description = "Also show where each value came from: every statement that took part, with file and line, in the order in which they act." };
        var strict = new Option<bool>("--strict") { Description = "Refuse a recipe of which something was passed over, such as a class that is not on the path." };
        var command = new Command("show", "Show what a layer recipe says, its parents taken into account.") { file, trace, strict };
        var around = new RecipeArguments(command);
        return command.Runs(
            "strata recipe show samples/recipes-aos-layers/aos-pylibs-layer/aos-pylibs-layer.bb --trace",
            (parsed, terminal, _) =>
            {
                Show(parsed.GetRequiredValue(file), around.Read(parsed) with { Strict = parsed.GetValue(strict) }, parsed.GetValue(trace), terminal);
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static void Show(string nameOrFile, RecipeOptions options, bool trace, Terminal terminal)
    {
        var recipe = RecipeReader.Read(nameOrFile, options).OrRefuse().Recipe;
        foreach (var note in recipe.Notes) terminal.Note($"note: {note}");
        var document = RecipeDocument.Of(recipe, trace);
        terminal.Result(document, RecipeJson.Default.RecipeDocument, text =>
        {
            foreach (var (name, value) in document.Rows())
            {
                text.WriteLine($"{name,-20} {value}".TrimEnd());
                foreach (var step in recipe.Trace.Where(t => trace && t.Variable == name).SelectMany(t => t.Steps)) Write(step, text);
            }
        });
    }

    private static void Write(RecipeStep step, TextWriter text)
    {
        text.WriteLine($"    {step.At}: {step.Variable} {step.Operator} \"{step.Text}\"");
        foreach (var from in step.Chain.Reverse()) text.WriteLine($"        from {from}");
    }
}
