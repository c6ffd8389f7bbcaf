using System.CommandLine;
using Strata.Artifacts.Bundles;
using Strata.Cli.Commands.Bundles;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Services;

/// <summary><c>strata service</c>: brings services to the hub.</summary>
internal static class ServiceCommand
{
    private static readonly HubArguments Hub = new();

    public static Command Create() => new("service", "Publish services, and see what they need and get.")
    {
        Upload(), ServiceListCommands.New(), ServiceListCommands.List(), ServiceListCommands.Show(), ServiceListCommands.Versions(), ServiceListCommands.Delete(),
    };

    private static Command Upload()
    {
        var config = new Option<string>("--config") { Description = "The bundle's description.", DefaultValueFactory = _ => BundleFormat.Config };
        return Hub.AddTo(new("upload", "Sign and upload a bundle of services, and show which layers were chosen for them.") { config })
            .Runs("strata service upload --config samples/services/config.yaml", async (parsed, terminal, cancellation) =>
            {
                var result = await UploadAsync(parsed.GetRequiredValue(config), Hub.Access(parsed), terminal, cancellation);
                terminal.Result(result, ServiceJson.Default.ServiceUpload, text =>
                {
                    foreach (var service in result.Services) Write(text, service);
                });
                return ExitCode.Ok;
            });
    }

    /// <summary>Signs, uploads, waits, and asks what was chosen.</summary>
    private static async Task<ServiceUpload> UploadAsync(string config, HubAccess access, Terminal terminal, CancellationToken cancellation)
    {
        var (bundle, _) = await BundleCommand.GoAsync(config, access, wait: true, terminal, cancellation);
        var read = BundleSigning.Read(config).Config;
        using var hub = access.Connect(access.UserKey(Path.GetDirectoryName(Path.GetFullPath(config))!, read.TlsKey, "publish.tlsKey"), read.Domain);
        var services = new List<UploadedService>();
        foreach (var item in (bundle.Items ?? []).Where(i => i is { Type: "service", Id: not null }))
        {
            var service = await hub.ServiceAsync(item.Id!, cancellation);
            var version = service.Versions.First(v => v.Version == item.Version);
            services.Add(new(service.Id, service.Codename, version.Version, version.Resolved));
        }
        return new(bundle.Id, [.. services]);
    }

    private static void Write(TextWriter text, UploadedService service)
    {
        text.WriteLine($"{service.Codename} {service.Version}");
        foreach (var resolved in service.Resolved.Where(r => r.IsMet))
        {
            text.WriteLine($"  on {resolved.Platform}, layers of {resolved.Oem}: {string.Join(" over ", resolved.Layers.Select(l => $"{l.Codename} {l.Version}"))}");
            foreach (var reason in resolved.Reasons) text.WriteLine($"    {reason}");
        }
    }
}
