using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Build.Layers;
using Strata.Cli.Commands.Targets;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer mount</c>: a shell or a command inside the tree that a service on a unit would see.</summary>
internal static class LayerMountCommand
{
    private static readonly string[] Shell = ["/bin/sh"];

    internal static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Layer archives, topmost first; their parents are found beside them. Behind -- the command to run; a shell when there is none. With --json the layers are listed and nothing is run.", Arity = ArgumentArity.OneOrMore };
        var target = new Option<string>("--target") { Description = "A target whose visible folders lie beneath: a target.yaml, or the folder that holds one." };
        var cache = CacheOption.Create();
        return new Command("mount", "Look into layers as a unit would mount them: read-only, parents beneath, over the visible folders of a target. Nothing stays behind.") { files, target, cache }.Runs(
            "strata layer mount build/deploy/layers/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz --target build/target -- python3 -c 'import six'",
            async (parsed, terminal, cancellation) =>
            {
                var behind = parsed.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).Skip(1).Select(t => t.Value).ToList();
                var archives = parsed.GetRequiredValue(files)[..^behind.Count];
                if (archives.Length == 0) throw new CommandFailure(ExitCode.Usage, "Name at least one layer file before the --.");
                if (terminal.Json && behind.Count > 0) throw new CommandFailure(ExitCode.Usage, "--json lists the layers and runs nothing; leave out --json, or the command behind --.");
                var against = parsed.GetValue(target) is { } path ? TargetCommand.Read(path) : null;
                if (against is null && behind.Count == 0 && !terminal.Json)
                    throw new CommandFailure(ExitCode.Usage, "Without a --target there is no shell to run; give one, or behind -- a command that the layers hold.");
                using var view = await BuildFailures.GuardAsync(async () =>
                {
                    using var step = terminal.Begin("Unpack the layers");
                    return await Task.Run(() => LayerStackView.OpenAsync(archives, against, parsed.Open(cache), cancellation), cancellation);
                });
                foreach (var note in view.Notes) terminal.Note($"note: {note}");
                if (terminal.Json)
                {
                    terminal.Result([.. view.Layers], LayerMountJson.Default.StackedLayerArray, _ => { });
                    return ExitCode.Ok;
                }
                var code = await BuildFailures.GuardAsync(() => view.RunAsync(behind.Count > 0 ? behind : Shell, UserFolders.TerminalType, cancellation));
                return (ExitCode)code;
            });
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DiffIdConverter), typeof(SemanticVersionConverter)])]
[JsonSerializable(typeof(StackedLayer[]))]
internal sealed partial class LayerMountJson : JsonSerializerContext;
