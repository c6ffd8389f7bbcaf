using System.CommandLine;
using System.Globalization;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Layers;
using Strata.Artifacts.Sbom;
using Strata.Build.Caching;
using Strata.Cli.Hub;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Catalogue;

/// <summary>A document that was brought from the hub.</summary>
/// <param name="File">Where it is.</param>
internal sealed record SavedDocument(string File, string Name, Digest Digest, long Size);

/// <summary>What is in a version: <c>strata layers libraries|files|symbols|sbom</c>.</summary>
/// <remarks>Files and symbols are read from the document beside the layer, once and whole, and held to its digest: no list is too long for that.</remarks>
internal static class LayersContentCommands
{
    private const string Newest = "its newest";
    private static readonly HubArguments Hub = new();

    internal static Command Libraries()
    {
        var (layer, platform, search) = (LayerName.Argument(Newest), LayersCommand.Platform(), new Option<string?>("--search") { Description = "Text in the name, version, licence, package or a soname." });
        return Hub.AddTo(new Command("libraries", "List the libraries of a layer version.") { layer, platform, search })
            .Runs("strata layers libraries pylibs --search yaml --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var version = await LayerName.Of(parsed.GetRequiredValue(layer)).FetchAsync(hub, cancellation);
                var found = (await hub.LayerLibrariesAsync(version.Id, version.Version, parsed.GetValue(platform), parsed.GetValue(search), cancellation)).ToArray();
                terminal.Result(found, CatalogueJson.Default.LayerLibraryInfoArray, text =>
                {
                    if (found.Length == 0) text.WriteLine($"{version.Codename} {version.Version} has no {(parsed.GetValue(search) is null ? "library" : "such library")}.");
                    else LayersShowCommand.WriteLibraries(text, found.Select(l => (l.Name, l.Version, l.Type, l.Files, l.License)));
                });
                return ExitCode.Ok;
            });
    }

    internal static Command Files()
    {
        var (layer, platform) = (LayerName.Argument(Newest), LayersCommand.Platform());
        var search = new Option<string?>("--search") { Description = "Text in the path, a link's target or the package, or the start of a SHA-256." };
        var kind = new Option<string?>("--kind") { Description = "Only what is of this kind." };
        kind.AcceptOnlyFromAmong([.. IndexedKinds.ByWord.Keys]);
        return Hub.AddTo(new Command("files", "List the entries of a layer version with rights, size and SHA-256.") { layer, platform, search, kind })
            .Runs("strata layers files pylibs@1.0.0 --search yaml --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                var found = await ReadAsync(
                    parsed, layer, platform, FileIndex.FileName, index => FileLines.ReadEachAsync(index, parsed.GetValue(search) ?? "", parsed.GetValue(kind) is { } said ? IndexedKinds.ByWord[said] : null, cancellation), cancellation);
                terminal.Result(found, CatalogueJson.Default.IndexedEntryArray, text =>
                {
                    if (found.Length == 0) text.WriteLine("Nothing fits.");
                    else Table.Write(text, ["KIND", "MODE", "OWNER", "SIZE", "SHA-256", "PATH"], found.Select(Row));
                });
                return ExitCode.Ok;
            });
    }

    internal static Command Symbols()
    {
        var (layer, platform) = (LayerName.Argument(Newest), LayersCommand.Platform());
        var search = new Option<string?>("--search") { Description = "Text in the symbol, the soname or the path." };
        var side = new Option<string?>("--side") { Description = "Only those that files define, or only those that they take from others." };
        side.AcceptOnlyFromAmong("defined", "undefined");
        return Hub.AddTo(new Command("symbols", "List the dynamic symbols of a layer version's ELF files.") { layer, platform, search, side })
            .Runs("strata layers symbols pylibs@1.0.0 --search deflate --side defined --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                bool? isDefined = parsed.GetValue(side) is { } said ? said == "defined" : null;
                var found = await ReadAsync(parsed, layer, platform, ElfIndex.FileName, index => SymbolLines.ReadEachAsync(index, parsed.GetValue(search) ?? "", isDefined, cancellation), cancellation);
                terminal.Result(found, CatalogueJson.Default.SymbolLineArray, text =>
                {
                    if (found.Length == 0) text.WriteLine("Nothing fits.");
                    else Table.Write(text, ["SIDE", "SYMBOL", "FILE"], found.Select(s => new[] { s.IsDefined ? "defined" : "undefined", LayerLine.Escaped(s.Symbol), LayerLine.Escaped(s.File) }));
                });
                return ExitCode.Ok;
            });
    }

    internal static Command Sbom()
    {
        var (layer, platform) = (LayerName.Argument(Newest), LayersCommand.Platform());
        var format = new Option<string>("--format") { Description = "SPDX 2.3 or CycloneDX 1.6.", DefaultValueFactory = _ => "spdx" };
        format.AcceptOnlyFromAmong("spdx", "cyclonedx");
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. Default: standard output." };
        return Hub.AddTo(new Command("sbom", "Download the software bill of materials of a layer version.") { layer, platform, format, output })
            .Runs("strata layers sbom pylibs@1.0.0 --format cyclonedx -o pylibs.cdx.json --key pki/aos-user-sp.p12", async (parsed, terminal, cancellation) =>
            {
                using var hub = Hub.Access(parsed).Connect();
                var version = await LayerName.Of(parsed.GetRequiredValue(layer)).FetchAsync(hub, cancellation);
                var image = ImageOf(version, parsed.GetValue(platform));
                var document = DocumentOf(version, image, parsed.GetRequiredValue(format) == "spdx" ? SpdxDocument.FileName : CycloneDxDocument.FileName);
                if (parsed.GetValue(output) is not { } file)
                {
                    // Held to its digest before a byte of it goes out: whoever reads the stream cannot take it back.
                    var bytes = await GuardAsync(document, () => hub.LayerDocumentAsync(version.Id, version.Version, image.Platform.ToString(), document, WholeAsync, cancellation));
                    await terminal.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(bytes));
                    return ExitCode.Ok;
                }
                using (terminal.Begin($"Downloading {document.Name}"))
                {
                    await GuardAsync(document, async () =>
                    {
                        await BuildCache.WriteAsync(file, to => hub.LayerDocumentAsync(version.Id, version.Version, image.Platform.ToString(), document, async (from, token) =>
                        {
                            await from.CopyToAsync(to, token);
                            return true;
                        }, cancellation));
                        return true;
                    });
                }
                terminal.Result(new(file, document.Name, document.Digest, document.Size), CatalogueJson.Default.SavedDocument, text => text.WriteLine($"{file} ({LayersCommand.Megabytes(document.Size)}, {document.Digest})"));
                return ExitCode.Ok;
            });
    }

    private static async Task<T[]> ReadAsync<T>(
        ParseResult parsed, Argument<string> layer, Option<string?> platform, string name, Func<Stream, IAsyncEnumerable<T>> read, CancellationToken cancellation)
    {
        using var hub = Hub.Access(parsed).Connect();
        var version = await LayerName.Of(parsed.GetRequiredValue(layer)).FetchAsync(hub, cancellation);
        var image = ImageOf(version, parsed.GetValue(platform));
        var document = DocumentOf(version, image, name);
        return await GuardAsync(document, () => hub.LayerDocumentAsync(version.Id, version.Version, image.Platform.ToString(), document, async (content, token) =>
        {
            var found = new List<T>();
            await foreach (var line in read(content).WithCancellation(token)) found.Add(line);
            return found.ToArray();
        }, cancellation));
    }

    private static async Task<byte[]> WholeAsync(Stream content, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static LayerImageInfo ImageOf(LayerVersionInfo version, string? platform) =>
        version.Images.FirstOrDefault(i => platform is null || i.Platform.ToString() == platform || i.Platform.Architecture == platform)
        ?? throw new CommandFailure(
            ExitCode.Refused, $"{version.Codename} {version.Version} has nothing for the platform '{Quote.Short(platform!)}'; it has {string.Join(", ", version.Images.Select(i => i.Platform))}.");

    private static SideDocument DocumentOf(LayerVersionInfo version, LayerImageInfo image, string name) =>
        image.Documents.FirstOrDefault(d => d.Name == name)
        ?? throw new CommandFailure(ExitCode.Refused, $"{version.Codename} {version.Version} has no {name}: it was published before hubs kept one. Versions that are published now have it.");

    private static async Task<T> GuardAsync<T>(SideDocument document, Func<Task<T>> fetch)
    {
        try
        {
            return await fetch();
        }
        catch (ContentMismatchException other)
        {
            throw new CommandFailure(ExitCode.Failed, $"{document.Name} did not arrive as the hub describes it: {other.Message} Try again.");
        }
    }

    private static string[] Row(IndexedEntry entry) =>
    [
        entry.Kind.Word(),
        entry.Mode ?? "",
        entry.Uid is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{entry.Uid}:{entry.Gid}"),
        entry.Size?.ToString(CultureInfo.InvariantCulture) ?? "",
        entry.Sha256?[..12] ?? "",
        LayerLine.Escaped(entry.Path.Length == 0 ? "./" : entry.Path) + (entry.LinkTarget is { } target ? $" -> {LayerLine.Escaped(target)}" : ""),
    ];
}
