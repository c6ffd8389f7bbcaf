using System.CommandLine;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Demo;

/// <summary><c>strata demo</c>: the main job on this machine, with real parts.</summary>
internal static class DemoCommand
{
    /// <param name="root">The command line that the demo's steps are run on.</param>
    public static Command Create(RootCommand root)
    {
        var keep = new Option<bool>("--keep") { Description = "Leave hub and unit running and print the address of the portal's layer list." };
        var anew = new Option<bool>("--no-cache") { Description = "Build the layers anew although the cache has them." };
        var stop = new Option<bool>("--stop") { Description = "End what a run with --keep left, and take its mounts and files away." };
        var dir = new Option<string?>("--dir") { Description = "Where the demo keeps what it makes; emptied at the start but for the base. Default: ${XDG_STATE_HOME:-~/.local/state}/strata/demo." };
        return new Command("demo", "Run the whole pipeline on this machine: two layers from recipes, a hub, three services, a unit, an update.") { keep, anew, stop, dir }
            .Runs("strata demo --keep", async (parsed, terminal, cancellation) =>
            {
                var folder = new DemoFolder(Path.GetFullPath(parsed.GetValue(dir) ?? Path.Combine(UserFolders.State, "demo")));
                Directory.CreateDirectory(folder.Root);
                using var only = Lock(folder);
                var agent = SiblingProgram.Find("strata-agent");
                if (parsed.GetValue(stop))
                {
                    await DemoLeftovers.RemoveAsync(folder, agent, cancellation);
                    return ExitCode.Ok;
                }
                var options = new DemoOptions(Samples(), SiblingProgram.Find("strata-hub"), agent, parsed.GetValue(anew), parsed.GetValue(keep));
                var report = await new DemoScenario(folder, options, new(root, terminal), new(terminal)).RunAsync(cancellation);
                terminal.Result(report, DemoJson.Default.DemoReport, report.Write);
                return report.Ok ? ExitCode.Ok : ExitCode.Failed;
            });
    }

    private static FileStream Lock(DemoFolder folder)
    {
        try
        {
            return new(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandFailure(ExitCode.Failed, $"Another demo runs in {folder.Root}. Wait for it, or give another folder with --dir.");
        }
    }

    // The samples are part of the checkout that the program was built in.
    private static string Samples()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Directory.Exists(Path.Combine(folder, "samples", "recipes-aos-layers"))) return Path.Combine(folder, "samples");
        throw new CommandFailure(ExitCode.Failed, "The demo needs the samples of a checkout; run ./strata demo there.");
    }
}
