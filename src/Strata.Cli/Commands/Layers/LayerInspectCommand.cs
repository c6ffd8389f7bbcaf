using System.CommandLine;
using Strata.Cli.Commands.Targets;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Layers;

/// <summary><c>strata layer inspect</c>: what is in a layer, from its content alone.</summary>
internal static class LayerInspectCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A layer archive: a tar, gzip-compressed or not." };
        var parents = new Option<string[]>("--parent") { Description = "A layer that it lies on; repeat it for each. Shared objects are looked for in it, and layer.json has to name the first one." };
        var target = new Option<string?>("--target") { Description = "The target.yaml of the base that it lies on, or the folder that holds one: shared objects are looked for in what services see of it." };
        var symbols = new Option<bool>("--symbols") { Description = "Show the dynamic symbols of every ELF file." };
        var strict = new Option<bool>("--strict") { Description = "Refuse a layer of which something is reported by the rules of docs/formats/checks.md." };
        var cache = CacheOption.Create();
        return new Command("inspect", "Show the libraries, digests and platform of a layer, and what its maker should look at, from its content alone.") { file, parents, target, symbols, strict, cache }.Runs(
            "strata layer inspect build/deploy/layers/aos-pylibs-layer/linux-amd64-1.0.0.tar.gz --target build/target",
            async (parsed, terminal, cancellation) =>
            {
                var request = new LayerInspecting(parsed.GetRequiredValue(file))
                {
                    Parents = parsed.GetValue(parents) ?? [],
                    Target = parsed.GetValue(target) is { } path ? TargetCommand.Read(path) : null,
                    Cache = () => parsed.Open(cache),
                    Symbols = parsed.GetValue(symbols),
                    Strict = parsed.GetValue(strict),
                };
                await request.RunAsync(terminal, cancellation);
                return ExitCode.Ok;
            });
    }
}
