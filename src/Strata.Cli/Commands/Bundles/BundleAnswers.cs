using System.CommandLine;
using Strata.Cli.Shell;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Bundles;

/// <summary>What the user said of an item: by options, or asked for on a terminal.</summary>
internal sealed class BundleAnswers(ParseResult parsed, Terminal terminal)
{
    private readonly bool _asks = terminal.IsInteractive && !Console.IsInputRedirected && !terminal.Json;

    /// <summary>The item.</summary>
    /// <exception cref="CommandFailure">Something was not given, and there is no terminal to ask on; every such option is named.</exception>
    public BundleItem Item(Option<string?> type, Option<string?> codename, Option<string?> version, Option<string[]> images)
    {
        var missing = new List<string>();
        if (!_asks)
        {
            foreach (var option in new[] { type, codename, version })
                if (parsed.GetValue(option) is null) missing.Add(option.Name);
            if (parsed.GetValue(images) is not { Length: > 0 }) missing.Add(images.Name);
            if (missing.Count > 0) throw new CommandFailure(ExitCode.Usage, $"There is no terminal to ask on; give {string.Join(", ", missing)} too, or name a folder of built layers.");
        }
        var kind = Read<ItemType>("Type, layer or service", parsed.GetValue(type), text => text switch
        {
            "layer" => (ItemType.Layer, null),
            "service" => (ItemType.Service, null),
            _ => (default, $"'{Quote.Short(text)}' is no item type; {(NearestName.To(text, ["layer", "service"]) is { } near ? $"did you mean '{near}'?" : "write layer or service.")}"),
        });
        var name = Read<string>("Codename, such as pylibs", parsed.GetValue(codename), text => (text, null));
        var number = Read<SemanticVersion>("Version, such as 1.0.0", parsed.GetValue(version), text => SemanticVersion.TryParse(text, out var read, out var problem) ? (read, null) : (null, problem));
        var given = parsed.GetValue(images) is { Length: > 0 } all ? all : Asked(kind, number).ToArray();
        return new(kind, name, number, given.Select(g => Image(kind, g)).ToEquatableList()) { SourceFolder = name };
    }

    private IEnumerable<string> Asked(ItemType type, SemanticVersion version)
    {
        var example = type == ItemType.Layer ? $"amd64=linux-amd64-{version}.tar.gz" : "amd64=amd64";
        string image;
        for (var first = true; (image = Ask(first ? $"Image, ARCH=PATH, such as {example}" : "Another image, or nothing")).Length > 0 || first; first = false)
            if (image.Length > 0) yield return image;
    }

    private static BundleImage Image(ItemType type, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == text.Length - 1) throw new CommandFailure(ExitCode.Usage, $"'{Quote.Short(text)}' is no image; write ARCH=PATH, such as amd64=linux-amd64-1.0.0.tar.gz.");
        var platform = new Platform(text[..equals]);
        return type == ItemType.Layer ? new(platform) { Path = text[(equals + 1)..] } : new(platform) { SourceFolder = text[(equals + 1)..] };
    }

    private T Read<T>(string question, string? given, Func<string, (T? Value, string? Problem)> parse)
    {
        while (true)
        {
            var (value, problem) = parse(given ?? Ask(question));
            if (problem is null) return value!;
            if (given is not null) throw new CommandFailure(ExitCode.Usage, problem);
            terminal.Note(problem);
        }
    }

    private string Ask(string question)
    {
        terminal.Error.Write($"{question}: ");
        return Console.In.ReadLine()?.Trim() ?? throw new CommandFailure(ExitCode.Cancelled, "The answers ended; nothing was written.");
    }
}
