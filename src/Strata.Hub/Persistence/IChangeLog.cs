using Strata.Hub.State;

namespace Strata.Hub.Persistence;

/// <summary>The append-only log of changes: the hub's whole memory (decision 13).</summary>
/// <remarks>SQLite holds it here; PostgreSQL follows behind the same two methods.</remarks>
internal interface IChangeLog : IDisposable
{
    /// <summary>Appends a batch under consecutive numbers, whole or not at all. On return it survives a power cut.</summary>
    /// <param name="first">Number of the first; one more than the last in the log.</param>
    /// <exception cref="IOException">It could not be written; nothing of it is in the log.</exception>
    void Append(long first, IReadOnlyList<Change> batch);

    /// <summary>The changes behind <paramref name="after"/>, oldest first.</summary>
    /// <exception cref="InvalidDataException">A change of a kind that this version does not know, or a gap.</exception>
    IEnumerable<(long Sequence, Change Change)> Read(long after);
}
