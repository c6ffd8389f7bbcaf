using Strata.Hub.State;

namespace Strata.Hub.Persistence;

/// <summary>When a batch of changes was written, and on whose behalf.</summary>
/// <param name="Actor">JSON of an <see cref="AuditStamp"/>; null when nobody is known.</param>
internal readonly record struct LogStamp(DateTimeOffset At, string? Actor);

/// <summary>A change as it stands in the log.</summary>
/// <param name="Stamp">Null in records of earlier releases.</param>
internal sealed record LoggedChange(long Sequence, LogStamp? Stamp, Change Change);

/// <summary>The append-only log of changes: the hub's whole memory (decision 13).</summary>
internal interface IChangeLog : IDisposable
{
    /// <summary>What the changes so far come to for blobs.</summary>
    IBlobRows Blobs { get; }

    /// <summary>Another hub writes it; this one reads.</summary>
    bool IsReadOnly { get; }

    /// <summary>Appends a batch under consecutive numbers, whole or not at all. On return it survives a power cut.</summary>
    /// <param name="first">Number of the first; one more than the last in the log.</param>
    /// <exception cref="IOException">It could not be written, or somebody else wrote under that number; nothing of it is in the log.</exception>
    /// <exception cref="InvalidOperationException">The log is read only.</exception>
    void Append(long first, IReadOnlyList<Change> batch, LogStamp stamp);

    /// <summary>The changes behind <paramref name="after"/>, oldest first.</summary>
    /// <param name="withBlobs">Whether what the changes say of blobs is read, too; else those that only do that come empty, and in a tenth of the time.</param>
    /// <exception cref="InvalidDataException">A change of a kind that this version does not know, or a gap.</exception>
    IEnumerable<LoggedChange> Read(long after, bool withBlobs = true);

    /// <summary>The changes before <paramref name="before"/>, newest first, as far as they are asked for.</summary>
    /// <exception cref="InvalidDataException">A change of a kind that this version does not know.</exception>
    IEnumerable<LoggedChange> ReadBefore(long before);

    /// <summary>Calls <paramref name="heard"/> at once, and then each time that another hub has appended; after half a minute of silence, too.</summary>
    /// <exception cref="IOException">The database is not reached any more, or tells nobody (SQLite).</exception>
    Task ListenAsync(Func<Task> heard, CancellationToken cancellation);
}
