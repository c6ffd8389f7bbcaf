using System.CommandLine;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Bundles;

/// <summary>What can be asked of bundles at the hub: <c>list</c>, <c>show</c>, <c>watch</c>, <c>delete</c>.</summary>
internal static class BundleWatchCommand
{
    private const int MostReconnects = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly HubArguments Hub = new();
    private static readonly Argument<string> Id = new("id") { Description = "The bundle's id, as upload and list say it." };

    public static Command List(Option<string> config) => Hub.AddTo(new("list", "List the bundles that the hub has of your owner, the newest first.") { config })
        .Runs("strata bundle list", async (parsed, terminal, cancellation) =>
        {
            using var hub = Connect(parsed, config);
            var bundles = await hub.BundlesAsync(cancellation);
            terminal.Result([.. bundles.Select(BundleUpload.Result)], BundleJson.Default.UploadedBundleArray, text =>
            {
                if (bundles.Count == 0) text.WriteLine("There is no bundle yet. Upload one with: strata bundle go");
                else Table.Write(text, ["id", "arrived", "state", "what"], bundles.Select(b => (string[])[b.Id, $"{b.ReceivedAt?.ToUniversalTime():u}", b.State, What(b)]));
            });
            return ExitCode.Ok;
        });

    public static Command Show(Option<string> config) => Hub.AddTo(new("show", "Show a bundle: its state, items and what the hub says of it.") { Id, config })
        .Runs("strata bundle show 6ba7b810-9dad-11d1-80b4-00c04fd430c8", async (parsed, terminal, cancellation) =>
        {
            using var hub = Connect(parsed, config);
            BundleUpload.Report(await hub.BundleAsync(parsed.GetRequiredValue(Id), cancellation), null, terminal);
            return ExitCode.Ok;
        });

    public static Command Delete(Option<string> config) => Hub.AddTo(new("delete", "Delete a bundle's record; what it published stays.") { Id, config })
        .Runs("strata bundle delete 6ba7b810-9dad-11d1-80b4-00c04fd430c8", async (parsed, terminal, cancellation) =>
        {
            using var hub = Connect(parsed, config);
            var bundle = await hub.BundleAsync(parsed.GetRequiredValue(Id), cancellation);
            await hub.DeleteBundleAsync(bundle.Id, cancellation);
            terminal.Result(BundleUpload.Result(bundle), BundleJson.Default.UploadedBundle, text => text.WriteLine($"deleted: bundle {bundle.Id}"));
            return ExitCode.Ok;
        });

    public static Command Watch(Option<string> config) => Hub.AddTo(new("watch", "Follow a bundle's build log until the hub says done or error; ends with 0 or 3.") { Id, config })
        .Runs("strata bundle watch 6ba7b810-9dad-11d1-80b4-00c04fd430c8", async (parsed, terminal, cancellation) =>
        {
            using var hub = Connect(parsed, config);
            var bundle = await hub.BundleAsync(parsed.GetRequiredValue(Id), cancellation);
            bundle = await FollowAsync(hub, bundle, terminal, cancellation) ?? await new BundleUpload(hub, terminal, TimeProvider.System).SettleAsync(bundle, cancellation);
            BundleUpload.Report(bundle, null, terminal);
            return bundle.IsError ? ExitCode.Refused : ExitCode.Ok;
        });

    /// <summary>To the hub and with the key that a config.yaml at hand names, as upload does; one that is not whole yet does as well.</summary>
    private static HubClient Connect(ParseResult parsed, Option<string> option)
    {
        var (access, config) = (Hub.Access(parsed), parsed.GetRequiredValue(option));
        var read = File.Exists(config) ? BundleConfigReader.Outline(BundleDraft.Bytes(config), new MistakeList(config))?.Config : null;
        return access.Connect(access.UserKey(Path.GetDirectoryName(Path.GetFullPath(config))!, read?.TlsKey, "publish.tlsKey"), read?.Domain);
    }

    private static string What(BundleInfo bundle) =>
        bundle.Items is { Length: > 0 } items ? string.Join(", ", items.Select(i => $"{i.Type} {i.Codename} {i.Version}"))
        : bundle.IsError && bundle.BuildLines.Count > 0 ? Quote.Short(bundle.BuildLines[0])
        : "";

    /// <summary>Writes each line as it comes; null when the hub keeps no log that can be followed.</summary>
    private static async Task<BundleInfo?> FollowAsync(HubClient hub, BundleInfo bundle, Terminal terminal, CancellationToken cancellation)
    {
        string? last = null;
        BundleInfo? judged = null;
        for (var attempt = 0; attempt < MostReconnects; attempt++)
        {
            try
            {
                if (await hub.FollowBundleAsync(bundle.Id, last, cancellation) is not { } events) return null;
                await foreach (var seen in events.WithCancellation(cancellation))
                {
                    (last, attempt) = (seen.Id ?? last, 0);
                    if (seen.Line is { } line) terminal.Note($"{line.At?.ToLocalTime():HH:mm:ss} {line.Step,-9} {(line.Level is null or "info" ? "" : $"{line.Level}: ")}{line.Text}");
                    if (seen.State is { IsDone: true } or { IsError: true }) judged = seen.State; // lines of its log may still come: the hub ends the answer behind the last
                }
                if (judged is not null) return judged;
            }
            catch (CommandFailure broken) when (broken.Code == ExitCode.Unavailable && judged is not null)
            {
                return judged;
            }
            catch (CommandFailure broken) when (broken.Code == ExitCode.Unavailable && attempt + 1 < MostReconnects)
            {
                terminal.Note("The connection broke; asking again.");
            }
            await Task.Delay(Pause, cancellation);
        }
        throw new CommandFailure(ExitCode.Unavailable, $"The hub ends the log of bundle {bundle.Id} again and again without a result. Ask later with: strata bundle show {bundle.Id}");
    }
}
