using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Hub.Persistence;
using Strata.Hub.State;

namespace Strata.Hub.Catalogues;

/// <summary>Lets the index follow the log: what was published while it was away first, then each change as it comes.</summary>
internal sealed partial class CatalogueIndexer(HubWriter writer, CatalogueIndex index, LayerContents contents, ILogger<CatalogueIndexer> log) : BackgroundService
{
    // What is gathered for one transaction: enough that a rebuild is quick, little enough that memory stays bounded.
    private const int MostVersions = 2000, MostThings = 100_000, MostChanges = 20_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    private readonly WakeUp _wake = new();
    private bool _isChecked;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        void Wake(HubState state, IReadOnlyList<Change> batch) => _wake.Call();
        writer.Changed += Wake;
        index.Damaged += _wake.Call;
        try
        {
            _wake.Call();
            while (true)
            {
                await _wake.WaitAsync(stoppingToken);
                try
                {
                    await FollowAsync(stoppingToken);
                }
                catch (Exception problem) when (problem is IOException or InvalidDataException)
                {
                    LogNotFollowed(problem.Message); // the catalogue itself is whole; only what is new is not found yet
                    await Task.Delay(RetryDelay, stoppingToken);
                    _wake.Call();
                }
            }
        }
        finally
        {
            writer.Changed -= Wake;
            index.Damaged -= _wake.Call;
        }
    }

    /// <summary>Takes in all that the log holds beyond the index.</summary>
    /// <exception cref="IOException">The log, the store or the index is not reached; what was taken in before stays.</exception>
    /// <exception cref="InvalidDataException">The log is damaged.</exception>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        Check();
        var last = writer.State.Sequence;
        var isMuch = last - index.Sequence > MostChanges;
        if (isMuch) LogBegun(last - index.Sequence);
        while (index.Sequence < writer.State.Sequence)
        {
            var from = index.Sequence;
            await TakePartAsync(cancellation);
            if (isMuch) LogAdvanced(index.Sequence, writer.State.Sequence);
            if (index.Sequence == from) break; // the log holds nothing more to read yet
        }
    }

    /// <summary>A damaged index begins anew, and one that was made from another log, or from a later one than a backup brought back.</summary>
    private void Check()
    {
        if (index.IsDamaged)
        {
            LogDamaged();
            index.Discard();
        }
        if (_isChecked) return;
        var marked = index.MarkedSequence;
        if (index.Mark.Length > 0 && (marked > writer.State.Sequence || MarkOf(Since(marked - 1).First()) != index.Mark))
        {
            LogForeign();
            index.Discard();
        }
        _isChecked = true;
    }

    private async Task TakePartAsync(CancellationToken cancellation)
    {
        var (versions, things, changes) = (new List<IndexedVersion>(), 0, 0);
        LoggedChange? last = null;
        foreach (var logged in Since(index.Sequence))
        {
            if (logged.Change is LayerPublished published)
            {
                var found = await ContentsAsync(published, cancellation);
                versions.AddRange(found);
                things += found.Sum(v => v.Things.Count);
            }
            last = logged;
            if (++changes == MostChanges || versions.Count >= MostVersions || things >= MostThings) break;
        }
        if (last is null) return;
        // What concerns no layer is not worth a transaction each time; a restart reads it again.
        if (versions.Count == 0 && last.Sequence - index.MarkedSequence < MostChanges) index.Skip(last.Sequence);
        else index.Apply(versions, last.Sequence, MarkOf(last));
    }

    /// <summary>What is inside; nothing when the store can no longer tell: then it is not found, and the operator hears of it.</summary>
    private async Task<IReadOnlyList<IndexedVersion>> ContentsAsync(LayerPublished published, CancellationToken cancellation)
    {
        try
        {
            return await contents.OfAsync(published, cancellation);
        }
        catch (Exception problem) when (problem is FileNotFoundException or InvalidDataException)
        {
            // Collected with its version, most often; that needs no word.
            if (writer.State.Catalogue.FindRelease(new(published.Owner, published.Codename), published.Version) is not null)
                LogUnread(published.Codename, published.Version.ToString(), published.Owner, problem.Message);
            return [.. published.Images.Select(i => new IndexedVersion(new(published.Owner, published.Codename), published.Version.ToString(), i.Platform.ToString(), []))];
        }
    }

    // Only what was published is of concern, and marks are compared: all reading leaves out the same.
    private IEnumerable<LoggedChange> Since(long after) => writer.Since(after, withBlobs: false);

    /// <summary>What a change is known by, as it is read without what it says of blobs: it tells this log from another.</summary>
    internal static string MarkOf(LoggedChange logged) =>
        $"{logged.Stamp?.At:O} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(logged.Change, ChangeJson.Default.Change))))}";

    [LoggerMessage(1, LogLevel.Information, "The catalogue index takes in {Changes} changes; searches do not find all of them yet")]
    private partial void LogBegun(long changes);

    [LoggerMessage(2, LogLevel.Information, "The catalogue index is at change {Sequence} of {Last}")]
    private partial void LogAdvanced(long sequence, long last);

    [LoggerMessage(3, LogLevel.Warning, "The catalogue index is damaged, and is made anew")]
    private partial void LogDamaged();

    [LoggerMessage(4, LogLevel.Error, "The catalogue index cannot follow: {Problem}")]
    private partial void LogNotFollowed(string problem);

    [LoggerMessage(5, LogLevel.Information, "The catalogue index was made from another log, and is made anew")]
    private partial void LogForeign();

    [LoggerMessage(6, LogLevel.Error, "{Codename} {Version} of {Owner} is not in the catalogue index: {Problem}")]
    private partial void LogUnread(string codename, string version, string owner, string problem);
}
