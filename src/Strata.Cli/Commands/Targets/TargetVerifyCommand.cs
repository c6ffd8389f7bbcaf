using System.CommandLine;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Artifacts.Yaml;
using Strata.Build.Targets;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Targets;

/// <summary><c>strata target verify</c>: whether a target's base is what its file says.</summary>
internal static class TargetVerifyCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("target") { Description = "A target.yaml, or the folder that holds one." };
        var identity = new Option<string>("--identity") { Description = "What the base has to be, in place of the identity written in the file." };
        var cache = CacheOption.Create();
        return new Command("verify", "Check that a target's base is still the one written down, and is what its file says.") { target, identity, cache }.Runs(
            "strata target verify build/target",
            async (parsed, terminal, cancellation) =>
            {
                Digest? expected = null;
                if (parsed.GetValue(identity) is { } text)
                    expected = Digest.TryParse(text, null, out var given) ? given : throw new CommandFailure(ExitCode.Usage, $"--identity: '{Quote.Short(text)}' is none; sha256: and 64 lower-case hex digits are expected.");
                var read = TargetCommand.Read(parsed.GetRequiredValue(target));
                var found = await BuildFailures.GuardAsync(async () =>
                {
                    var tree = await BaseTree.OpenAsync(read, parsed.Open(cache), cancellation, acceptsAny: true);
                    return await Task.Run(() => TargetVerification.Of(read, tree, expected, cancellation), cancellation);
                });
                terminal.Result(found, TargetVerificationJson.Default.TargetVerification, text => Write(text, found));
                foreach (var mistake in found.Mistakes) terminal.Note($"strata: {mistake}");
                return found.Mistakes.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
            });
    }

    private static void Write(TextWriter text, TargetVerification found)
    {
        text.WriteLine($"target    {found.Name}");
        text.WriteLine($"identity  {found.Identity}");
        text.WriteLine($"machines  {(found.Machines.Count == 0 ? "none" : string.Join(", ", found.Machines.Select(m => $"{m.Architecture} ({m.Files} files)")))}");
        foreach (var note in found.Notes) text.WriteLine($"note      {note}");
        text.WriteLine(found.Mistakes.Count == 0 ? "The base is what the target says." : $"The base is not what the target says: {found.Mistakes.Count} mistakes.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    Converters = [typeof(DigestConverter), typeof(EquatableListConverter<MachineCount>), typeof(EquatableListConverter<Mistake>), typeof(EquatableListConverter<string>)])]
[JsonSerializable(typeof(TargetVerification))]
[JsonSerializable(typeof(MachineCount[]))]
[JsonSerializable(typeof(Mistake[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class TargetVerificationJson : JsonSerializerContext;
