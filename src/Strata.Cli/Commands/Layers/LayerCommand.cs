using System.CommandLine;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer</c>: everything about one layer archive.</summary>
internal static class LayerCommand
{
    internal static Command Create() => new("layer", "Builds, packs and inspects layers.")
    {
        LayerBuildCommand.Create(),
        LayerVendorCommand.Create(),
        LayerDiffCommand.Create(),
        LayerInspectCommand.Create(),
        LayerVerifyCommand.Create(),
        LayerLsCommand.Create(),
        LayerCompareCommand.Create(),
        LayerMountCommand.Create(),
    };
}
