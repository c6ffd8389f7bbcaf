using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Hub.Publishing;

/// <summary>Where bundles wait between their arrival and their verdict, and what a crash left is cleared away.</summary>
internal sealed class HubFiles
{
    private const string BundleSuffix = ".tar.gz";
    private readonly string _bundles;
    private readonly string _scratch;

    /// <param name="data">The hub's data folder.</param>
    public HubFiles(string data)
    {
        _bundles = Directory.CreateDirectory(Path.Combine(data, "bundles")).FullName;
        _scratch = Directory.CreateDirectory(Path.Combine(data, "scratch")).FullName;
        Uploads = Directory.CreateDirectory(Path.Combine(data, "uploads")).FullName;
    }

    /// <summary>A bundle that was received whole.</summary>
    public string Bundle(Guid id) => Path.Combine(_bundles, $"{id:N}{BundleSuffix}");

    /// <summary>A new, empty folder for work in progress; whoever made it removes it.</summary>
    public string NewScratch() => Directory.CreateDirectory(Path.Combine(_scratch, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>The folder of uploads that arrive in pieces.</summary>
    public string Uploads { get; }

    /// <summary>The folder for work in progress.</summary>
    public string Scratch => _scratch;

    /// <summary>An empty file without a name, for what is too large for memory; it goes when it is closed.</summary>
    public Stream NewSpool() => SpoolFile.Create(_scratch);

    /// <summary>A bundle's name while it is arriving.</summary>
    public string Arriving(Guid id) => Path.Combine(_scratch, $"{id:N}.arriving");

    /// <summary>Gives an arrived and flushed bundle its name, so that it survives a power cut from here on.</summary>
    public void Keep(Guid id, string arrived)
    {
        File.Move(arrived, Bundle(id));
        using var directory = DirectoryHandle.Open(_bundles);
        directory.Flush();
    }

    /// <summary>Removes what belongs to nothing: half-arrived bundles and judged ones. Called before the hub serves anybody.</summary>
    public void Recover(HubState state)
    {
        Directory.Delete(_scratch, recursive: true);
        Directory.CreateDirectory(_scratch);
        var waiting = state.Bundles.Values.Where(b => b.State == BundleState.Uploaded).Select(b => Bundle(b.Id)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_bundles).Where(f => !waiting.Contains(f)))
        {
            // One that came in pieces is not sent again from its start: it is whole, only the log did not hear of it.
            var id = Path.GetFileName(file)[..^BundleSuffix.Length];
            if (File.Exists(Path.Combine(Uploads, $"{id}.json")) && Guid.TryParse(id, out var bundle) && !state.Bundles.ContainsKey(bundle)) File.Move(file, Path.Combine(Uploads, $"{id}.part"));
            else File.Delete(file);
        }
    }
}
