using Strata.Artifacts.Compression;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Which machines the programs and libraries of a payload are for.</summary>
/// <param name="architecture">The one they should be for, by its OCI name.</param>
public sealed class PayloadMachines(string architecture)
{
    private readonly SortedDictionary<string, int> _foreign = new(StringComparer.Ordinal);
    private string? _example;

    /// <summary>Whether one of the files is for the right machine.</summary>
    public bool HasOwn { get; private set; }

    /// <summary>A sentence about files for other machines; null when there are none.</summary>
    public string? Complaint => _example is null ? null
        : $"The {architecture} image holds {_foreign.Values.Sum()} programs or libraries for {string.Join(" and ", _foreign.Keys)}, such as '{Quote.Short(_example)}'{(HasOwn ? " beside those for its own machine" : " and none for its own")}.";

    /// <summary>Looks into every file of a tar, gzipped or not.</summary>
    /// <param name="archive">Read to its end; not closed.</param>
    /// <exception cref="ArchiveRefusedException">It is damaged or hostile.</exception>
    public async Task AddArchiveAsync(Stream archive, CancellationToken cancellation)
    {
        await using var tar = await LayerDecompressor.OpenAsync(archive, null, cancellation, leaveOpen: true);
        using var reader = new TarLayerReader(tar, null);
        while (await reader.NextAsync(cancellation) is { } entry)
            if (entry.Kind == TarEntryKind.File) await AddFileAsync(entry.Name, reader.Content, cancellation);
    }

    /// <summary>Looks at the head of one file.</summary>
    public async Task AddFileAsync(string name, Stream content, CancellationToken cancellation)
    {
        var head = new byte[ElfMachine.HeadLength];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        switch (ElfMachine.Of(head.AsSpan(0, length)))
        {
            case null or "other": return;
            case var own when own == architecture:
                HasOwn = true;
                return;
            case var foreign:
                _foreign[foreign] = _foreign.GetValueOrDefault(foreign) + 1;
                _example ??= name;
                return;
        }
    }
}
