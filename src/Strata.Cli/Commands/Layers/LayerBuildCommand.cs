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
        var strict = new Option<bool>("--strict") { Description = "Refuse a layer of which something is reported by the rules of docs/formats/checks.md." };
        var locks = new Option<string?>("--locked") { Description = "Take exactly the packages that the locks in layers/NAME/ of this folder pin: a deploy folder of an earlier build, or one of 'layer vendor'." };
        var vendor = new Option<string?>("--vendor") { Description = "Take locks and packages from this folder of 'layer vendor'; no feed is asked." };
        var cache = CacheOption.Create();
        var command = new Command("build", "Build layers from recipes, parents first.") { recipes, target, deploy, anew, refresh, locks, vendor, verbose, strict, cache };
        command.Validators.Add(result =>
        {
            if (result.GetValue(vendor) is not null && (result.GetValue(locks) is not null || result.GetValue(refresh)))
                result.AddError("--vendor takes locks and packages from one folder and asks no feed; leave out --locked and --refresh.");
            if (result.GetValue(locks) is not null && result.GetValue(refresh)) result.AddError("--locked resolves nothing anew; leave out --refresh.");
        });
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
                    Locks = parsed.GetValue(locks),
                    Vendor = parsed.GetValue(vendor),
                    Strict = parsed.GetValue(strict),
                };
                if (parsed.GetValue(verbose)) TreeNotes.WriteList(terminal);
                await LayerBuilding.RunAsync(parsed.GetRequiredValue(recipes), TargetCommand.Read(parsed.GetRequiredValue(target)), parsed.Open(cache), options, terminal, cancellation);
                return ExitCode.Ok;
            });
    }
}
