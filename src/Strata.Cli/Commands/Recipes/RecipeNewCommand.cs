using System.CommandLine;
using Strata.Build.Recipes;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Recipes;

/// <summary><c>strata recipe new</c>: a starter that BitBake and Strata read alike.</summary>
internal static class RecipeNewCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The recipe's name, such as aos-pylibs-layer: small letters, digits, '-', '+' and '.'." };
        var parent = new Option<string?>("--parent") { Description = "The recipe of the layer beneath. Default: the layer lies on the base image." };
        var folder = new Option<string>("--dir") { Description = "The meta layer to write into. Default: the current folder.", DefaultValueFactory = _ => "." };
        return new Command("new", "Write a starter recipe, recipes-aos-layers/NAME/NAME.bb.") { name, parent, folder }.Runs(
            "strata recipe new aos-pylibs-layer --dir meta-mine",
            (parsed, terminal, _) =>
            {
                var file = Write(parsed.GetRequiredValue(name), parsed.GetValue(parent), parsed.GetRequiredValue(folder));
                terminal.Result(new NewRecipeDocument(file), RecipeJson.Default.NewRecipeDocument, text => text.WriteLine(file));
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static string Write(string name, string? parent, string folder)
    {
        foreach (var given in new[] { name, parent })
        {
            if (given is not null && RecipeStarter.Complaint(given) is { } complaint) throw new CommandFailure(ExitCode.Usage, complaint);
        }
        if (name == parent) throw new CommandFailure(ExitCode.Usage, $"A layer cannot be its own parent; name another than '{name}'.");
        var file = Path.Combine(folder, RecipeStarter.PathOf(name));
        if (!Directory.Exists(folder)) throw new CommandFailure(ExitCode.Usage, $"There is no folder '{folder}'; make it, or name another with --dir.");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew);
            using var writer = new StreamWriter(stream);
            writer.Write(RecipeStarter.Text(name, parent));
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new CommandFailure(ExitCode.Refused, $"{file} is there already and was left as it is; take another name, or delete it first.");
        }
        return file;
    }
}
