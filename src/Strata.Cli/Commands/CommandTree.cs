using System.CommandLine;
using Strata.Cli.Commands.Bundles;
using Strata.Cli.Commands.Catalogue;
using Strata.Cli.Commands.Demo;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Commands.Pki;
using Strata.Cli.Commands.Programs;
using Strata.Cli.Commands.Recipes;
using Strata.Cli.Commands.Services;
using Strata.Cli.Commands.Targets;
using Strata.Cli.Commands.Units;
using Strata.Cli.Commands.Users;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands;

/// <summary>Every command of <c>strata</c>.</summary>
internal static class CommandTree
{
    /// <summary>The root with all beneath it.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Strata shares libraries between the services of an edge fleet.");
        root.Options.Add(CommandShell.Json);
        HelpWithExample.On(root);
        root.Subcommands.Add(RecipeCommand.Create());
        root.Subcommands.Add(LayerCommand.Create());
        root.Subcommands.Add(TargetCommand.Create());
        root.Subcommands.Add(PkiCommand.Create());
        root.Subcommands.Add(BundleCommand.Create());
        root.Subcommands.Add(AosSignerCommand.Create());
        root.Subcommands.Add(AgentCommand.Create());
        root.Subcommands.Add(HubCommand.Create());
        root.Subcommands.Add(LayersCommand.Create());
        root.Subcommands.Add(ServiceCommand.Create());
        root.Subcommands.Add(ResolveCommand.Create());
        root.Subcommands.Add(UnitCommand.Create());
        root.Subcommands.Add(ModelCommand.Create());
        root.Subcommands.Add(SubjectCommand.Create());
        root.Subcommands.Add(UserCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(DemoCommand.Create(root));
        return root;
    }
}
