using System.CommandLine;
using Strata.Build.Recipes;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Recipes;

/// <summary><c>strata recipe check</c>: what is wrong with recipes, and what is probably not meant.</summary>
internal static class RecipeCheckCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("recipe") { Description = ".bb files, or names of recipes on the --path.", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = "Warnings refuse as well." };
        var command = new Command("check", "Check layer recipes; the rules are listed in docs/formats/recipes.md.") { files, strict };
        var around = new RecipeArguments(command);
        return command.Runs(
            "strata recipe check samples/recipes-aos-layers/*/*.bb --strict",
            (parsed, terminal, _) =>
            {
                var findings = parsed.GetRequiredValue(files).SelectMany(file => RecipeLint.Check(file, around.Read(parsed))).Distinct().ToList();
                Report(findings, parsed.GetRequiredValue(files).Length, terminal);
                var refused = findings.Exists(f => f.IsError || parsed.GetValue(strict));
                return Task.FromResult(refused ? ExitCode.Refused : ExitCode.Ok);
            });
    }

    private static void Report(IReadOnlyList<RecipeFinding> findings, int recipes, Terminal terminal)
    {
        var document = new CheckDocument([.. findings.Select(f => new FindingDocument(f.Mistake.At.File, f.Mistake.At.Line, f.Mistake.At.Column, Severity(f), f.Rule, f.Mistake.Message))]);
        terminal.Result(document, RecipeJson.Default.CheckDocument, text =>
        {
            foreach (var finding in findings)
            {
                text.WriteLine($"{finding.Mistake.At}: {Severity(finding)} [{finding.Rule}]: {finding.Mistake.Message}");
                foreach (var from in finding.Mistake.Chain.Reverse()) text.WriteLine($"    from {from}");
            }
            text.WriteLine($"{recipes} {(recipes == 1 ? "recipe" : "recipes")}: {Counted(findings.Count(f => f.IsError), "error")}, {Counted(findings.Count(f => !f.IsError), "warning")}");
        });
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Severity(RecipeFinding finding) => finding.IsError ? "error" : "warning";
}
