using System.CommandLine;
using Strata.Build.Layers;
using Strata.Cli.Commands.Recipes;
using Strata.Cli.Commands.Targets;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer build</c>.</summary>
internal static class LayerBuildCommand
{
    internal static Command Create()
    {
        var recipes = new Argument<string[]>("recipe") { Description = "A .bb file, or the name of a recipe on the --path; several may be given.", Arity = ArgumentArity.OneOrMore };
        var target = new Option<string>("--target") { Description = "A target.yaml, or the folder that holds one.", Required = true };
        var deploy = new Option<string>("--deploy") { Description = "Folder in which layers/NAME/ is written.", DefaultValueFactory = _ => "deploy" };
        var anew = new Option<bool>("--no-cache") { Description = "Build every layer anew, even when nothing that goes into it has changed." };
        var refresh = new Option<bool>("--refresh") { Description = "Fetch the feed's package lists anew first." };
        var verbose = new Option<bool>("--verbose") { Description = "Print the list by which trees are normalised before they are compared." };
        var cache = CacheOption.Create();
        var command = new Command("build", "Build layers from recipes, parents first.") { recipes, target, deploy, anew, refresh, verbose, cache };
        var around = new RecipeArguments(command);
        return command.Runs(
            "strata layer build aos-numlibs-layer --path samples --target build/target --deploy build/deploy",
            async (parsed, terminal, cancellation) =>
            {
                var options = new LayerBuildOptions
                {
                    Recipes = around.Read(parsed),
                    Deploy = parsed.GetValue(deploy)!,
                    UseCache = !parsed.GetValue(anew),
                    Refresh = parsed.GetValue(refresh),
                };
                if (parsed.GetValue(verbose)) TreeNotes.WriteList(terminal);
                await LayerBuilding.RunAsync(parsed.GetRequiredValue(recipes), TargetCommand.Read(parsed.GetRequiredValue(target)), parsed.Open(cache), options, terminal, cancellation);
                return ExitCode.Ok;
            });
    }
}
