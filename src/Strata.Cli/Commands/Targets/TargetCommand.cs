using System.CommandLine;
using Strata.Artifacts.Yaml;
using Strata.Build.Targets;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target</c>: what layers are built for.</summary>
internal static class TargetCommand
{
    public static Command Create() => new("target", "Make, show, verify, publish and share what layers are built for.")
    {
        TargetInitCommand.Create(),
        TargetShowCommand.Create(),
        TargetVerifyCommand.Create(),
        TargetPublishCommand.Create(),
        PublishedTargets.List(),
        PublishedTargets.Download(),
        PublishedTargets.Share(),
    };

    /// <summary>The target, or the end of the command with every mistake on a line of its own.</summary>
    public static Target Read(string path) => TargetReader.Read(path) switch
    {
        Reading<Target>.Good good => good.Value,
        Reading<Target>.Bad bad => throw new CommandFailure(ExitCode.Refused, bad.ToString()),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
