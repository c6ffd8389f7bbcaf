using System.CommandLine;
using System.Text;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Bundles;

/// <summary><c>strata bundle validate</c>: everything that is wrong with a configuration and its files, at once.</summary>
internal static class BundleValidateCommand
{
    private static readonly HubArguments Hub = new();
    private static readonly Option<string?> Catalogue = new("--catalogue") { Description = "Judge names of layers by this export of a catalogue; else the hub is asked." };
    private static readonly Option<bool> Offline = new("--offline") { Description = "Ask no hub." };
    private static readonly Option<bool> Fix = new("--fix") { Description = "Mend a key that stands twice with a list each; comments and the rest stay as they are." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "With --fix: show the change, write nothing." };

    public static Command Create(Option<string> config) => Hub.AddTo(new("validate", "Check config.yaml and the files that it names; every mistake with its line.") { config, Catalogue, Offline, Fix, DryRun })
        .Runs("strata bundle validate --config layers/config.yaml --fix --dry-run", async (parsed, terminal, cancellation) =>
        {
            if (parsed.GetValue(DryRun) && !parsed.GetValue(Fix)) throw new CommandFailure(ExitCode.Usage, "--dry-run belongs to --fix; without it nothing is written anyway.");
            var file = parsed.GetRequiredValue(config);
            var content = BundleDraft.Bytes(file);
            var mended = parsed.GetValue(Fix) ? Mend(file, content, parsed.GetValue(DryRun)) : null;
            var draft = await BundleDraft.ReadAsync(file, mended?.Content ?? content, cancellation);
            var notes = draft.Files.Notes.ToList();
            if (draft.Outline is { Needs.Count: > 0 } outline)
            {
                var names = new LayerNames(Hub.Access(parsed), Path.GetDirectoryName(Path.GetFullPath(file))!);
                notes.AddRange(await names.CheckAsync(outline, parsed.GetValue(Catalogue), parsed.GetValue(Offline), draft.Mistakes, cancellation));
            }
            var found = draft.Mistakes.All;
            var result = new ValidatedBundle(Path.GetFullPath(file), found.Count == 0, [.. found.Select(Line)], [.. notes.Select(Line)], mended?.Done, mended?.Diff);
            terminal.Result(result, BundleJson.Default.ValidatedBundle, text => Write(text, result, parsed.GetValue(DryRun)));
            return found.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
        });

    private static Mended Mend(string file, byte[] content, bool isDryRun)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return new(content, [], null); // validating says what is wrong with it
        }
        var (after, done) = RepeatedKeyMender.Mend(text);
        if (done.Count == 0) return new(content, [], null);
        var bytes = Encoding.UTF8.GetBytes(after);
        if (!isDryRun) WholeFile.Replace(file, bytes);
        return new(bytes, [.. done], UnifiedDiff.Of(Path.GetFileName(file), text, after));
    }

    private static ValidatedLine Line(Mistake mistake) => new(mistake.File, mistake.Line, mistake.Column, mistake.Message);

    private static void Write(TextWriter text, ValidatedBundle result, bool isDryRun)
    {
        if (result.Diff is not null) text.Write(result.Diff);
        foreach (var done in result.Mended ?? []) text.WriteLine(isDryRun ? $"would be mended: {done}" : $"mended: {done}");
        if (result.Mended is { Length: 0 }) text.WriteLine("There was nothing that can be mended without you.");
        foreach (var note in result.Notes) text.WriteLine($"{note}  (allowed)");
        foreach (var mistake in result.Mistakes) text.WriteLine(mistake);
        text.WriteLine(result.IsValid ? "Config is valid" : result.Mistakes.Length == 1 ? "One mistake." : $"{result.Mistakes.Length} mistakes.");
    }

    private sealed record Mended(byte[] Content, string[] Done, string? Diff);
}

/// <summary>One line about a configuration.</summary>
internal sealed record ValidatedLine(string File, int Line, int Column, string Message)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}");
}

/// <summary>Result of validating.</summary>
/// <param name="Notes">What is odd and allowed, and what could not be checked.</param>
/// <param name="Mended">What <c>--fix</c> did, or would do; null without it.</param>
/// <param name="Diff">The same as a unified diff.</param>
internal sealed record ValidatedBundle(string File, bool IsValid, ValidatedLine[] Mistakes, ValidatedLine[] Notes, string[]? Mended, string? Diff);
