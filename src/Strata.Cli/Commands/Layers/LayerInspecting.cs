using System.Text.Json;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Build.Caching;
using Strata.Build.Layers;
using Strata.Build.Targets;
using Strata.Cli.Shell;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store.Files;

namespace Strata.Cli.Commands.Layers;

/// <summary>Inspects a layer file and checks it against what is known of where it will lie.</summary>
/// <param name="file">The layer.</param>
internal sealed class LayerInspecting(string file)
{
    /// <summary>Layers beneath it.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Its base; null when that is not known.</summary>
    public Target? Target { get; init; }

    /// <summary>Opens the cache, for a base that has to be unpacked.</summary>
    public required Func<BuildCache> Cache { get; init; }

    /// <summary>Show symbols.</summary>
    public bool Symbols { get; init; }

    /// <summary>Refuse a layer with findings.</summary>
    public bool Strict { get; init; }

    /// <summary>Reads the file once and shows what is in it.</summary>
    public async Task<InspectedLayer> RunAsync(Terminal terminal, CancellationToken cancellation)
    {
        var inspected = await InspectAsync(file, Symbols, terminal, cancellation);
        var findings = await FindingsAsync(inspected, terminal, cancellation);
        if (Strict) FindingLines.Refuse(Path.GetFileName(file), findings);
        var content = inspected.Content;
        var result = new LayerInspectResult(
            inspected.Digest, inspected.DiffId, inspected.Size, content.UnpackedSize, content.Entries, content.Architectures, content.OsVersions.Count > 0 ? content.OsVersions[0] : null, content.Libraries,
            [.. content.Binaries.Select(Binary)], findings, Target is not null);
        terminal.Result(result, LayerInspectJson.Default.LayerInspectResult, text => Write(text, result));
        return inspected;
    }

    private static async Task<InspectedLayer> InspectAsync(string file, bool symbols, Terminal terminal, CancellationToken cancellation)
    {
        if (Directory.Exists(file)) throw new CommandFailure(ExitCode.Refused, $"'{file}' is a folder; name the layer file in it.");
        if (!File.Exists(file)) throw new CommandFailure(ExitCode.Refused, $"There is no layer file '{file}'; correct the path.");
        if (new FileInfo(file).Length == 0) throw new CommandFailure(ExitCode.Refused, $"The layer file '{file}' is empty; no unit takes a layer of 0 bytes. Build it again.");
        using var step = terminal.Begin($"Inspecting {Path.GetFileName(file)}");
        return await BuildFailures.GuardAsync(() => LayerAssembler.InspectAsync(file, new() { Symbols = symbols, Spool = () => SpoolFile.Create(Path.GetTempPath()) }, cancellation), file);
    }

    private async Task<IReadOnlyList<LayerFinding>> FindingsAsync(InspectedLayer inspected, Terminal terminal, CancellationToken cancellation)
    {
        var claims = Claims();
        HashSet<string>? beneath = null;
        var wrong = new List<LayerFinding>();
        for (var i = 0; i < Parents.Count; i++)
        {
            var parent = await InspectAsync(Parents[i], symbols: false, terminal, cancellation);
            (beneath ??= []).UnionWith(parent.Content.Providers);
            if (i == 0 && claims is not null && claims.Parent?.DiffId != parent.DiffId)
                wrong.Add(LayerRules.WrongParent.Finding("", claims.Parent is { } built
                    ? $"it was built on {built.Name} {built.Version}, diff id {built.DiffId}, and {Parents[i]} has {parent.DiffId}. Build it again on that parent."
                    : $"it was built on the base alone, and {Parents[i]} is given as its parent."));
        }
        if (Target is not null)
        {
            var tree = await BuildFailures.GuardAsync(() => BaseTree.OpenAsync(Target, Cache(), cancellation));
            (beneath ??= []).UnionWith(SharedObjects.Of(tree.Root, Target.Visible));
        }
        if (claims is not null && claims.Archive.DiffId != inspected.DiffId)
            wrong.Add(LayerRules.Mismatch.Finding("", $"diff id: layer.json beside it says {claims.Archive.DiffId}, and the content has {inspected.DiffId}."));
        var context = new CheckContext { Architecture = claims?.Platform.Architecture ?? Target?.Platform.Architecture, Providers = Target is null ? null : beneath }; // without the base nobody can say that a shared object is missing
        return [.. wrong, .. LayerChecks.Judge(inspected.Content, context)];
    }

    /// <summary>The description beside the file; null when there is none that can be read.</summary>
    private LayerDescription? Claims()
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(file));
        var stem = name.EndsWith(".tar.gz", StringComparison.Ordinal) ? name[..^".tar.gz".Length] : Path.GetFileNameWithoutExtension(name);
        foreach (var path in (string[])[Path.Combine(folder, $"{stem}.{LayerAssembler.DescriptionName}"), Path.Combine(folder, LayerAssembler.DescriptionName)])
        {
            if (!File.Exists(path)) continue;
            try
            {
                return LayerDescriptionJson.Read(File.ReadAllBytes(path));
            }
            catch (JsonException problem)
            {
                throw new CommandFailure(ExitCode.Refused, $"{path} cannot be read: {problem.Message}");
            }
        }
        return null;
    }

    private LayerInspectBinary Binary(FoundBinary found)
    {
        var about = found.Describe();
        return new(about.Path, about.Architecture, about.Soname, about.Needed, about.Interpreter, about.BuildId, about.Package, Given(found.Elf, true), Given(found.Elf, false));
    }

    private string[]? Given(ElfFile elf, bool isDefined) => Symbols ? [.. elf.Symbols.Where(s => s.IsDefined == isDefined).Select(s => s.Binding == ElfBinding.Global ? s.ToString() : $"{s} {(s.Binding == ElfBinding.Weak ? "weak" : "unique")}")] : null;

    private static void Write(TextWriter text, LayerInspectResult result)
    {
        text.WriteLine($"digest        {result.Digest}");
        text.WriteLine($"diff id       {result.DiffId}");
        text.WriteLine($"size          {result.Size / 1e6:0.0} MB, unpacked {result.UnpackedSize / 1e6:0.0} MB in {result.Entries} entries");
        text.WriteLine($"architecture  {(result.Architectures.Count > 0 ? string.Join(", ", result.Architectures) : "any: no program or shared object is inside")}");
        if (result.OsVersion is { } version) text.WriteLine($"os version    {version}");
        text.WriteLine($"libraries     {result.Libraries.Count}");
        foreach (var library in result.Libraries)
            text.WriteLine($"  {library.Type,-7} {library.Name,-32} {library.Version,-24} {library.License}");
        text.WriteLine($"ELF files     {result.Binaries.Length}");
        foreach (var binary in result.Binaries.Where(b => b.Defined is not null))
        {
            text.WriteLine($"  {binary.Path}  {binary.Soname}");
            foreach (var symbol in binary.Defined!) text.WriteLine($"    gives {symbol}");
            foreach (var symbol in binary.Undefined!) text.WriteLine($"    takes {symbol}");
        }
        text.WriteLine($"findings      {result.Findings.Count}{(result.BeneathKnown ? "" : "; shared objects that nobody provides are not looked for without --target")}");
        foreach (var finding in result.Findings) text.WriteLine($"  {finding}");
    }
}
