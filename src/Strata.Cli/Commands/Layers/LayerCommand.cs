using System.CommandLine;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer</c>: everything about one layer archive.</summary>
internal static class LayerCommand
{
    internal static Command Create() => new("layer", "Build, pack, check, compare and look into layers.")
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
