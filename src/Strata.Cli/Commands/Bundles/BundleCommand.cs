using System.CommandLine;
using Strata.Artifacts.Bundles;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Bundles;

/// <summary><c>strata bundle</c>: signs deployment bundles and brings them to the hub.</summary>
internal static class BundleCommand
{
    private static readonly HubArguments Hub = new();

    private static readonly Option<string> Config = new("--config") { Description = "The bundle's description.", DefaultValueFactory = _ => BundleFormat.Config };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check everything, write and send nothing." };

    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Return when the bundle has arrived, before the hub has judged it." };

    internal static Command Create() => new("bundle", "Write, check, sign and upload deployment bundles.")
    {
        BundleInitCommand.Create(), BundleValidateCommand.Create(Config), Sign(), Upload(), Go(),
        BundleWatchCommand.Watch(Config), BundleWatchCommand.List(Config), BundleWatchCommand.Show(Config), BundleWatchCommand.Delete(Config),
    };

    private static Command Sign() => Hub.AddTo(new("sign", "Pack what config.yaml names into batch.tar.gz beside it, signed.") { Config, DryRun })
        .Runs("strata bundle sign --config layers/config.yaml", async (parsed, terminal, cancellation) =>
        {
            var signing = new BundleSigning(Hub.Access(parsed), terminal);
            if (parsed.GetValue(DryRun)) return await signing.RehearseAsync(parsed.GetRequiredValue(Config), null, cancellation);
            var signed = await signing.SignAsync(parsed.GetRequiredValue(Config), cancellation);
            var items = signed.Config.Items.Select(i => new UploadedItem(i.Type.ToString().ToLowerInvariant(), i.Codename, i.Version.ToString())).ToArray();
            terminal.Result(new(signed.File, signed.Size, items), BundleJson.Default.BundleSigned, text =>
            {
                text.WriteLine($"{signed.File} ({signed.Size / 1e6:0.0} MB)");
                foreach (var item in items) text.WriteLine($"  {item.Type} {item.Codename} {item.Version}");
            });
            return ExitCode.Ok;
        });

    private static Command Upload()
    {
        var file = new Argument<string?>("file") { Description = "The bundle; batch.tar.gz beside config.yaml when not given.", Arity = ArgumentArity.ZeroOrOne };
        return Hub.AddTo(new("upload", "Upload a signed bundle; its state is shown, and not waited for.") { file, Config, DryRun })
            .Runs("strata bundle upload layers/batch.tar.gz --config layers/config.yaml", async (parsed, terminal, cancellation) =>
            {
                var access = Hub.Access(parsed);
                var config = parsed.GetRequiredValue(Config);
                var folder = Path.GetDirectoryName(Path.GetFullPath(config))!;
                var bundle = parsed.GetValue(file) ?? Path.Combine(folder, BundleFormat.Archive);
                // The configuration says where to and with what; options alone do as well.
                var read = File.Exists(config) ? BundleSigning.Read(config).Config : null;
                using var hub = access.Connect(access.UserKey(folder, read?.TlsKey, "publish.tlsKey"), read?.Domain);
                if (parsed.GetValue(DryRun)) return await RehearseAsync(bundle, hub, terminal, cancellation);
                var arrived = await new BundleUpload(hub, terminal, TimeProvider.System).SendAsync(bundle, cancellation);
                BundleUpload.Report(arrived, Path.GetFullPath(bundle), terminal);
                return arrived.IsError ? ExitCode.Refused : ExitCode.Ok; // a small one may be judged already
            });
    }

    private static async Task<ExitCode> RehearseAsync(string file, HubClient hub, Terminal terminal, CancellationToken cancellation)
    {
        await using var bundle = await BundleUpload.OpenAsync(file, cancellation);
        await hub.MeAsync(cancellation); // it is there, and knows us
        terminal.Result(new(bundle.Name, bundle.Length, []) { IsRehearsal = true, Hub = hub.Api.ToString() }, BundleJson.Default.BundleSigned, text =>
            text.WriteLine($"{bundle.Name} ({bundle.Length / 1e6:0.0} MB) would be sent to {hub.Api}"));
        return ExitCode.Ok;
    }

    private static Command Go() => Hub.AddTo(new("go", "Sign, upload, and wait until the hub says done or error.") { Config, NoWait, DryRun })
        .Runs("strata bundle go --config layers/config.yaml", async (parsed, terminal, cancellation) =>
        {
            if (parsed.GetValue(DryRun)) return await RehearseAsync(parsed.GetRequiredValue(Config), Hub.Access(parsed), terminal, cancellation);
            var (bundle, file) = await GoAsync(parsed.GetRequiredValue(Config), Hub.Access(parsed), !parsed.GetValue(NoWait), terminal, cancellation);
            BundleUpload.Report(bundle, file, terminal);
            return bundle.IsError ? ExitCode.Refused : ExitCode.Ok; // also without waiting a small one may be judged already
        });

    private static async Task<ExitCode> RehearseAsync(string config, HubAccess access, Terminal terminal, CancellationToken cancellation)
    {
        var read = BundleSigning.Read(config).Config;
        using var hub = access.Connect(access.UserKey(Path.GetDirectoryName(Path.GetFullPath(config))!, read.TlsKey, "publish.tlsKey"), read.Domain);
        await hub.MeAsync(cancellation); // it is there, and knows us
        return await new BundleSigning(access, terminal).RehearseAsync(config, hub.Api, cancellation);
    }

    /// <summary>Signs, uploads and, if <paramref name="wait"/>, waits: one call for the commands that do the same with a service, and for the demo.</summary>
    internal static async Task<(BundleInfo Bundle, string File)> GoAsync(
        string config, HubAccess access, bool wait, Terminal terminal, CancellationToken cancellation)
    {
        var signed = await new BundleSigning(access, terminal).SignAsync(config, cancellation);
        using var hub = access.Connect(signed.Key, signed.Config.Domain);
        var upload = new BundleUpload(hub, terminal, TimeProvider.System);
        var bundle = await upload.SendAsync(signed.File, cancellation);
        return (wait ? await upload.WaitAsync(bundle, cancellation) : bundle, signed.File);
    }
}
