using System.CommandLine;
using System.Reflection;
using Strata.Artifacts.Bundles;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Bundles;

/// <summary><c>strata aos-signer</c>: the bundle commands as scripts of the vendor's tool call them.</summary>
/// <remarks>
/// The same verbs, signing when none is given; config.yaml and batch.tar.gz in the current folder; 0, or 1 for every failure with its reason on
/// standard error. Source: facts on AosEdge, c.1 and c.2; docs/formats/bundle.md, "The vendor's command line".
/// </remarks>
internal static class AosSignerCommand
{
    private const string Failed = "Process failed with error: ";

    private static readonly Option<bool> Version = new("--version", "-V") { Description = "Say which release this is." };
    private static readonly Option<bool> SkipCheck = new("--skip-check-version") { Description = "Accepted; no version is looked up.", Recursive = true };

    public static Command Create()
    {
        var command = new Command("aos-signer", "The bundle commands, called and answering as the vendor's signer: config.yaml and batch.tar.gz in the current folder.");
        command.Options.Add(SkipCheck);
        command.Options.Add(Version);
        command.Subcommands.Add(As(new("validate", "Check config.yaml."), ValidateAsync));
        command.Subcommands.Add(As(new("sign", "Check, pack and sign."), SignAsync));
        command.Subcommands.Add(As(new("upload", "Upload batch.tar.gz."), UploadAsync));
        command.Subcommands.Add(As(new("go", "Sign and upload."), async (terminal, cancellation) =>
        {
            await SignAsync(terminal, cancellation);
            await UploadAsync(terminal, cancellation);
        }));
        command.Subcommands.Add(As(new("check-version", "Does nothing: Strata is not updated by this command."), (_, _) => Task.CompletedTask));
        return As(command, SignAsync);
    }

    private static Command As(Command command, Func<Terminal, CancellationToken, Task> run) =>
        command.Runs(command.Name == "aos-signer" ? "strata aos-signer go" : $"strata aos-signer {command.Name}", async (parsed, terminal, cancellation) =>
        {
            if (parsed.GetValue(Version))
            {
                terminal.Out.WriteLine(typeof(AosSignerCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
                return ExitCode.Ok;
            }
            try
            {
                await run(terminal, cancellation);
                return ExitCode.Ok;
            }
            catch (Exception problem) when (problem is not OperationCanceledException) // the outermost loop of these verbs: whatever it is, they end with 1
            {
                var failure = problem as CommandFailure ?? UnexpectedFailure.Of(problem);
                terminal.Error.WriteLine(PrintableWriter.Clean(Failed + failure.Message));
                return ExitCode.Failed;
            }
        });

    private static async Task ValidateAsync(Terminal terminal, CancellationToken cancellation)
    {
        terminal.Out.WriteLine("Starting CONFIG VALIDATION process...");
        terminal.Out.Write("Validating config... ");
        if (!File.Exists(BundleFormat.Config)) throw Broken(terminal, $"Config file {BundleFormat.Config} not found. Exiting...");
        var draft = await BundleDraft.ReadAsync(BundleFormat.Config, cancellation);
        if (!draft.Mistakes.IsEmpty) throw Broken(terminal, string.Join('\n', draft.Mistakes.All));
        terminal.Out.WriteLine("VALID");
    }

    private static async Task SignAsync(Terminal terminal, CancellationToken cancellation)
    {
        await ValidateAsync(terminal, cancellation);
        terminal.Out.WriteLine("Starting SERVICE SIGNING process...");
        var signed = await new BundleSigning(Access(), Quiet(terminal)).SignAsync(BundleFormat.Config, cancellation);
        terminal.Out.WriteLine("Creating archive... DONE");
        terminal.Out.WriteLine($"Service package created: {signed.File}");
    }

    private static async Task UploadAsync(Terminal terminal, CancellationToken cancellation)
    {
        terminal.Out.WriteLine("Starting SERVICE UPLOAD process...");
        var config = BundleSigning.Read(BundleFormat.Config).Config;
        var access = Access();
        using var hub = access.Connect(access.UserKey(Directory.GetCurrentDirectory(), config.TlsKey, "publish.tlsKey"), config.Domain);
        terminal.Out.Write("Uploading... ");
        try
        {
            await new BundleUpload(hub, Quiet(terminal), TimeProvider.System).SendAsync(BundleFormat.Archive, cancellation);
        }
        catch (CommandFailure)
        {
            terminal.Out.WriteLine("ERROR");
            throw;
        }
        terminal.Out.WriteLine("DONE");
        terminal.Out.WriteLine("Service successfully uploaded!");
    }

    private static CommandFailure Broken(Terminal terminal, string message)
    {
        terminal.Out.WriteLine("ERROR");
        return new(ExitCode.Failed, message);
    }

    /// <summary>Everything is in config.yaml, as for the vendor's tool.</summary>
    private static HubAccess Access() => new(null, null, null, UserFolders.Home);

    /// <summary>Only the vendor's lines: scripts search them.</summary>
    private static Terminal Quiet(Terminal terminal) => terminal with { Error = TextWriter.Null, IsInteractive = false };
}
