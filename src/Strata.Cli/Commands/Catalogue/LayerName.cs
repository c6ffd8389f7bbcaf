using System.CommandLine;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Catalogue;

/// <summary>A layer at the hub, or one version of it, as a person names it.</summary>
/// <param name="Name">Codename, alias, <c>name.oem-domain</c> or UID.</param>
/// <param name="Version">Null when none was said.</param>
internal sealed record LayerName(string Name, string? Version)
{
    /// <summary>The argument NAME or NAME@VERSION.</summary>
    public static Argument<string> Argument(string without) =>
        new("layer") { Description = $"NAME or NAME@VERSION; the name is a codename, an alias or a UID. Without a version: {without}." };

    /// <summary>What the argument says.</summary>
    /// <exception cref="CommandFailure">It names nothing.</exception>
    public static LayerName Of(string text)
    {
        var at = text.LastIndexOf('@');
        var named = at < 0 ? new LayerName(text, null) : new(text[..at], text[(at + 1)..]);
        return named.Name.Length > 0 && named.Version?.Length != 0 ? named : throw new CommandFailure(ExitCode.Usage, $"'{text}' names no layer; write NAME or NAME@VERSION.");
    }

    /// <summary>The version that was said, or the newest.</summary>
    public async Task<LayerVersionInfo> FetchAsync(HubClient hub, CancellationToken cancellation)
    {
        var version = Version ?? (await hub.LayerAsync(Name, cancellation)).Versions.FirstOrDefault()?.Version
            ?? throw new CommandFailure(ExitCode.Refused, $"The layer '{Name}' has no version.");
        return await hub.LayerVersionAsync(Name, version, cancellation);
    }
}
