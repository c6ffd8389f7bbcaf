using System.CommandLine;
using System.Globalization;
using Strata.Artifacts.Signing;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Catalogue;

/// <summary><c>strata layers show</c>.</summary>
internal static class LayersShowCommand
{
    private static readonly HubArguments Hub = new();

    internal static Command Create()
    {
        var layer = LayerName.Argument("the layer with all its versions");
        return Hub.AddTo(new("show", "Show a layer's versions, or all that the hub knows of one version.") { layer })
            .Runs("strata layers show pylibs@1.0.0 --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                var named = LayerName.Of(parsed.GetRequiredValue(layer));
                using var hub = Hub.Access(parsed).Connect();
                if (named.Version is null)
                {
                    var shown = await hub.LayerAsync(named.Name, cancellation);
                    terminal.Result(shown, CatalogueJson.Default.LayerInfo, text => Write(text, shown));
                }
                else
                {
                    var shown = await hub.LayerVersionAsync(named.Name, named.Version, cancellation);
                    terminal.Result(shown, CatalogueJson.Default.LayerVersionInfo, text => Write(text, shown));
                }
                return ExitCode.Ok;
            });
    }

    private static void Write(TextWriter text, LayerInfo layer)
    {
        text.WriteLine($"{layer.Codename} of {layer.Owner}{(layer.Title is { } title ? $": {title}" : "")}");
        text.WriteLine($"UID      {layer.Id}");
        if (layer.Aliases.Length > 0) text.WriteLine($"aliases  {string.Join(", ", layer.Aliases)}");
        foreach (var line in LayerWords.Of(layer)) text.WriteLine(line);
        text.WriteLine();
        Table.Write(text, ["VERSION", "STATE", "PLATFORMS", "SIZE", "UNPACKED", "USED BY"], layer.Versions.Select(v => new[]
        {
            v.Version, v.Lifecycle.Text, string.Join(", ", v.Platforms), LayersCommand.Megabytes(v.Size), LayersCommand.Megabytes(v.UnpackedSize), string.Join(", ", v.UsedBy),
        }));
    }

    /// <summary>A version with all that the hub told of it.</summary>
    internal static void Write(TextWriter text, LayerVersionInfo version)
    {
        text.WriteLine($"{version.Codename} {version.Version} of {version.Owner}");
        text.WriteLine($"UID         {version.Id}");
        text.WriteLine($"state       {version.Lifecycle.Text}");
        if (version.Provenance is { } brought)
        {
            text.WriteLine($"signed for  {brought.Owner}");
            if (brought.BundleId is not null) text.WriteLine($"signed by   {brought.SignedBy ?? "somebody whom the hub no longer knows"}{(brought.Subject is { } subject ? $", {subject}" : "")}");
            text.WriteLine($"signed with {(brought.Kid is { } kid ? $"certificate {Kid.TextOf(kid)}" : "a certificate that nobody knows any more")}");
            text.WriteLine($"judged      {brought.JudgedAt.UtcDateTime:u}, in bundle {(brought.BundleId is { } bundle ? $"{bundle} " : "")}{brought.BundleDigest}");
        }
        if (version.Features.Length > 0) text.WriteLine($"features    {string.Join(", ", version.Features)}");
        if (version.Children.Length > 0) text.WriteLine($"children    {string.Join(", ", version.Children.Select(c => $"{c.Codename} {c.Version}"))}");
        text.WriteLine($"used by     {(version.UsedBy.Length == 0 ? "no service on a unit" : string.Join(", ", version.UsedBy))}");
        foreach (var (image, description) in version.Images.Zip(version.Descriptions))
        {
            text.WriteLine();
            Write(text, image, description);
        }
    }

    private static void Write(TextWriter text, LayerImageInfo image, LayerDescription layer)
    {
        text.WriteLine($"for {layer.Platform}{(layer.Summary is { } summary ? $": {summary}" : "")}");
        text.WriteLine($"built from  {layer.Name}");
        text.WriteLine($"on base     {layer.Base?.Name ?? "unknown base"}{(layer.Base is { } known ? $" {known.Identity}" : "")}");
        if (layer.Parent is { } parent) text.WriteLine($"parent      {parent} {parent.DiffId}");
        text.WriteLine($"digest      {image.Digest}");
        text.WriteLine($"diff id     {image.DiffId}");
        text.WriteLine($"size        {LayersCommand.Megabytes(image.Size)}, unpacked {LayersCommand.Megabytes(image.UnpackedSize)}, {layer.Archive.Entries} entries");
        foreach (var other in image.Shared) text.WriteLine($"shared      {LayersCommand.Megabytes(other.Size)} with {other.Codename} {other.Version}");
        if (image.SavedOnUnits > 0) text.WriteLine($"saved       {LayersCommand.Megabytes(image.SavedOnUnits)} on units whose services share it");
        if (image.Documents.Length > 0) text.WriteLine($"documents   {string.Join(", ", image.Documents.Select(d => d.Name))}");
        text.WriteLine();
        WriteLibraries(text, layer.Libraries.Select(l => (l.Name, l.Version, l.Type, l.Files, l.License)));
    }

    /// <summary>Libraries in columns.</summary>
    internal static void WriteLibraries(TextWriter text, IEnumerable<(string Name, string Version, string Type, int Files, string? License)> libraries) =>
        Table.Write(text, ["LIBRARY", "VERSION", "TYPE", "FILES", "LICENCE"], libraries.Select(l => new[] { l.Name, l.Version, l.Type, l.Files.ToString(CultureInfo.InvariantCulture), l.License ?? "" }));
}
