using System.CommandLine;
using Strata.Build.Recipes;

namespace Strata.Cli.Commands.Recipes;

/// <summary>The options that say what stands around a recipe; shared by every command that reads one.</summary>
internal sealed class RecipeArguments
{
    private readonly Option<string[]> _path = new("--path") { Description = "A meta layer in which require, inherit and parents are looked up; may be repeated." };
    private readonly Option<string[]> _set = new("--set") { Description = "VAR=VALUE, read before the recipe as local.conf is; VAR:pn-NAME=VALUE wins over the recipe's own value. May be repeated." };
    private readonly Option<string[]> _conf = new("--conf") { Description = "A configuration file that is read before the recipe; may be repeated." };

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public RecipeArguments(Command command)
    {
        command.Options.Add(_path);
        command.Options.Add(_set);
        command.Options.Add(_conf);
    }

    /// <summary>What the user gave.</summary>
    public RecipeOptions Read(ParseResult parsed) => new()
    {
        Paths = parsed.GetValue(_path) ?? [],
        Settings = parsed.GetValue(_set) ?? [],
        Configurations = parsed.GetValue(_conf) ?? [],
    };
}
