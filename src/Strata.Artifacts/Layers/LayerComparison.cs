using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Layers;

/// <summary>A path that differs between two versions of a layer.</summary>
/// <param name="What"><c>added</c>, <c>removed</c>, <c>content</c>, <c>rights</c> for mode, owner or attributes alone, <c>kind</c>, <c>target</c> of a link.</param>
/// <param name="Needs">The step that this alone asks for.</param>
public sealed record PathChange(string Path, string What, VersionStep Needs);

/// <summary>A library that differs between two versions of a layer.</summary>
/// <param name="Old">Its version before; null when it was not there.</param>
/// <param name="New">Its version now; null when it is gone.</param>
/// <param name="Needs">The step that this alone asks for.</param>
public sealed record LibraryChange(string Type, string Name, string? Old, string? New, VersionStep Needs);

/// <summary>A name that others link to, gone or new.</summary>
/// <param name="Soname">The shared object.</param>
/// <param name="Symbol">What it exports, with its version as <c>nm -D</c> writes it; null when the whole shared object is gone or new.</param>
/// <param name="IsRemoved">It is gone; otherwise it is new.</param>
public sealed record SymbolChange(string Soname, string? Symbol, bool IsRemoved)
{
    /// <summary>The step that this alone asks for.</summary>
    public VersionStep Needs => IsRemoved ? VersionStep.Major : VersionStep.Minor;
}

/// <summary>One side of a comparison: digests and sizes.</summary>
/// <param name="Size">Bytes of the file.</param>
/// <param name="UnpackedSize">Sum of the sizes of its regular files, in bytes.</param>
public sealed record ComparedLayer(DiffId DiffId, long Size, long UnpackedSize, int Entries);

/// <summary>What differs between two versions of a layer, and how large a version step that asks for.</summary>
/// <param name="Paths">In the order of paths.</param>
/// <param name="Libraries">By type and name.</param>
/// <param name="Symbols">By soname and symbol.</param>
/// <remarks>Pure but for reading the two files. Times alone are no difference. Source: docs/formats/layer-compare.md; decision 0014.</remarks>
public sealed record LayerComparison(
    ComparedLayer Old, ComparedLayer New, EquatableList<PathChange> Paths, EquatableList<LibraryChange> Libraries, EquatableList<SymbolChange> Symbols)
{
    /// <summary>The largest step that a change asks for.</summary>
    public VersionStep Needed => Paths.Select(p => p.Needs).Concat(Libraries.Select(l => l.Needs)).Concat(Symbols.Select(s => s.Needs)).DefaultIfEmpty(VersionStep.Patch).Max();

    /// <summary>Reads both layers, each twice: for its paths and for its libraries.</summary>
    /// <param name="openOld">Opens the older layer file at its start.</param>
    /// <param name="openNew">Opens the newer one.</param>
    /// <param name="spool">See <see cref="InspectionOptions.Spool"/>.</param>
    /// <exception cref="ArchiveRefusedException">One of them is no layer that a unit takes.</exception>
    public static async Task<LayerComparison> OfAsync(Func<Stream> openOld, Func<Stream> openNew, Func<Stream>? spool, CancellationToken cancellation)
    {
        var (old, oldPaths) = await ReadAsync(openOld, spool, cancellation);
        var (now, newPaths) = await ReadAsync(openNew, spool, cancellation);
        return new(Side(old), Side(now), [.. PathsOf(oldPaths, newPaths)], [.. LibrariesOf(old, now)], [.. SymbolsOf(ExportedNames.Of(old), ExportedNames.Of(now))]);
    }

    private static async Task<(InspectedLayer, SortedDictionary<string, ListedEntry>)> ReadAsync(Func<Stream> open, Func<Stream>? spool, CancellationToken cancellation)
    {
        InspectedLayer inspected;
        await using (var file = open()) inspected = await ExportedNames.InspectAsync(file, spool, cancellation);
        await using (var file = open()) return (inspected, await LayerListing.OfAsync(file, cancellation));
    }

    private static ComparedLayer Side(InspectedLayer layer) => new(layer.DiffId, layer.Size, layer.Content.UnpackedSize, layer.Content.Entries);

    private static IEnumerable<PathChange> PathsOf(SortedDictionary<string, ListedEntry> old, SortedDictionary<string, ListedEntry> now)
    {
        foreach (var path in old.Keys.Union(now.Keys).Order(PathOrder.Comparer))
        {
            var before = old.GetValueOrDefault(path);
            var after = now.GetValueOrDefault(path);
            if (Change(before, after) is not { } what) continue;
            yield return new(path, what, Needs(path, what, before, after, now));
        }
    }

    private static string? Change(ListedEntry? before, ListedEntry? after)
    {
        // To those who look at the layer, a deletion that comes is a removal, and one that goes brings something back.
        if (before is null) return after!.Kind is null ? "removed" : "added";
        if (after is null) return before.Kind is null ? "added" : "removed";
        if (before.Kind != after.Kind) return after.Kind is null ? "removed" : before.Kind is null ? "added" : "kind";
        if (before.Content != after.Content) return after.Kind == TarEntryKind.SymbolicLink ? "target" : "content";
        return before.Rights != after.Rights ? "rights" : null;
    }

    private static VersionStep Needs(string path, string what, ListedEntry? before, ListedEntry? after, SortedDictionary<string, ListedEntry> now)
    {
        if (!InterfacePaths.IsInterface(path) || (before ?? after)!.Kind == TarEntryKind.Directory && what != "kind") return VersionStep.Patch;
        return what switch
        {
            "removed" => InterfacePaths.IsContinued(path, now) ? VersionStep.Patch : VersionStep.Major,
            "added" => VersionStep.Minor,
            // A link that becomes a file or the reverse still is what its name says; a directory that becomes one is not.
            "kind" => before!.Kind == TarEntryKind.Directory || after!.Kind == TarEntryKind.Directory ? VersionStep.Major : VersionStep.Patch,
            _ => VersionStep.Patch,
        };
    }

    private static IEnumerable<LibraryChange> LibrariesOf(InspectedLayer old, InspectedLayer now)
    {
        var before = old.Content.Libraries.ToLookup(Key);
        var after = now.Content.Libraries.ToLookup(Key);
        foreach (var key in before.Select(g => g.Key).Union(after.Select(g => g.Key)).Order())
        {
            var (was, becomes) = (before[key].Select(l => l.Version).Except(after[key].Select(l => l.Version)).ToList(), after[key].Select(l => l.Version).Except(before[key].Select(l => l.Version)).ToList());
            for (var i = 0; i < Math.Max(was.Count, becomes.Count); i++)
            {
                var (from, to) = (was.ElementAtOrDefault(i), becomes.ElementAtOrDefault(i));
                yield return new(key.Type, key.Name, from, to, LibraryVersions.Needs(key.Type, from, to));
            }
        }
    }

    private static (string Type, string Name) Key(Library library) => (library.Type, library.Name);

    private static IEnumerable<SymbolChange> SymbolsOf(ILookup<string, string> old, ILookup<string, string> now)
    {
        foreach (var soname in old.Select(g => g.Key).Union(now.Select(g => g.Key)).Order(StringComparer.Ordinal))
        {
            if (!now.Contains(soname)) yield return new(soname, null, IsRemoved: true);
            else if (!old.Contains(soname)) yield return new(soname, null, IsRemoved: false);
            else
            {
                foreach (var symbol in old[soname].Except(now[soname]).Order(StringComparer.Ordinal)) yield return new(soname, symbol, IsRemoved: true);
                foreach (var symbol in now[soname].Except(old[soname]).Order(StringComparer.Ordinal)) yield return new(soname, symbol, IsRemoved: false);
            }
        }
    }
}
