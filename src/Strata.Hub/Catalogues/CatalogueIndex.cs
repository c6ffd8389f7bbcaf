using System.Collections.Concurrent;
using System.Data.Common;
using Strata.Hub.Access;
using Strata.Hub.Persistence;
using Strata.Hub.State;

namespace Strata.Hub.Catalogues;

/// <summary>The index over a database: a projection of the log, which can be made anew from it at any time.</summary>
internal sealed class CatalogueIndex : ICatalogueIndex, IDisposable
{
    private const int MostIdle = 8;
    private readonly IndexTables _tables;
    private readonly Lock _gate = new();
    private readonly ConcurrentBag<(int Generation, IndexReader Reader)> _idle = [];
    private IndexWriter? _writer;
    private int _generation;
    private long _sequence;

    private CatalogueIndex(IndexTables tables) => _tables = tables;

    /// <summary>The last change that the index has taken in.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>The last change that was written down: a restart goes on behind it.</summary>
    public long MarkedSequence { get; private set; }

    /// <summary>What that change is known by; empty before the first.</summary>
    public string Mark { get; private set; } = "";

    /// <summary>What was read or written shows that the database is damaged; whoever writes the index is to <see cref="Discard"/> it.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Raised when <see cref="IsDamaged"/> was found. Handlers return at once and do not throw.</summary>
    public event Action? Damaged;

    /// <summary>Opens the index; one of another schema, or a damaged one, begins anew.</summary>
    /// <param name="tables">Of a database that outlives the index.</param>
    /// <exception cref="IOException">The database is not reached.</exception>
    public static CatalogueIndex Open(IndexTables tables)
    {
        var index = new CatalogueIndex(tables);
        try
        {
            if (!index.Begin()) index.Discard();
        }
        catch (InvalidDataException)
        {
            index.Discard();
        }
        return index;
    }

    /// <summary>Takes in versions and how far the index is with them, all or nothing. One call at a time.</summary>
    /// <param name="mark">What change <paramref name="sequence"/> is known by.</param>
    /// <exception cref="IOException">It could not be written; the index is as it was before.</exception>
    public void Apply(IReadOnlyCollection<IndexedVersion> versions, long sequence, string mark)
    {
        try
        {
            _writer ??= new(_tables);
            _writer.Apply(versions, sequence, mark);
        }
        catch (Exception problem)
        {
            Close();
            if (problem is DbException or InvalidDataException) throw Explain(problem, _generation, "The catalogue index could not be written");
            throw;
        }
        (MarkedSequence, Mark) = (sequence, mark);
        Volatile.Write(ref _sequence, sequence);
    }

    /// <summary>Says that nothing up to change <paramref name="sequence"/> concerns the index, without writing that down.</summary>
    public void Skip(long sequence) => Volatile.Write(ref _sequence, sequence);

    /// <summary>Throws everything away; the index begins at the first change again. Not while it is written.</summary>
    /// <exception cref="IOException">It cannot be removed or made.</exception>
    public void Discard()
    {
        lock (_gate)
        {
            Close();
            Interlocked.Increment(ref _generation);
            while (_idle.TryTake(out var reader)) reader.Reader.Dispose();
            _tables.Discard();
            Begin();
            IsDamaged = false;
        }
    }

    /// <inheritdoc/>
    public CataloguePage Search(HubState state, Caller caller, CatalogueQuery query)
    {
        var behind = Math.Max(0, state.Sequence - Sequence);
        var (generation, reader) = (Volatile.Read(ref _generation), (IndexReader?)null);
        try
        {
            (generation, reader) = Take();
            var (hits, next) = new CatalogueSearch(state, caller, query, reader).Run();
            if (generation == Volatile.Read(ref _generation) && _idle.Count < MostIdle)
            {
                _idle.Add((generation, reader));
                reader = null;
            }
            return new(hits, next, behind);
        }
        catch (Exception problem) when (problem is DbException or InvalidDataException)
        {
            throw Explain(problem, generation, "The catalogue index could not be read");
        }
        finally
        {
            reader?.Dispose();
        }
    }

    /// <summary>A reader, and which of the indexes that were made one after another it reads.</summary>
    internal (int Generation, IndexReader Reader) Take()
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.Generation == Volatile.Read(ref _generation)) return idle;
            idle.Reader.Dispose();
        }
        lock (_gate) return (_generation, new IndexReader(_tables));
    }

    /// <summary>Makes what is missing, and reads how far it is; false when it is of another schema.</summary>
    private bool Begin()
    {
        using var connection = _tables.Database.Connect();
        try
        {
            var (schema, sequence, mark) = IndexTables.Begin(connection);
            if (schema != IndexTables.Schema) return false;
            _tables.Create(connection);
            (MarkedSequence, Mark) = (sequence, mark);
            Volatile.Write(ref _sequence, sequence);
            return true;
        }
        catch (DbException problem)
        {
            throw _tables.Database.Explain(problem, "The catalogue index could not be opened");
        }
    }

    /// <summary>What a failure means. Damage is noted, unless the index was made anew since the reader of <paramref name="generation"/> was opened.</summary>
    internal IOException Explain(Exception problem, int generation, string what)
    {
        var meaning = problem is DbException refused ? _tables.Database.Explain(refused, what) : problem;
        if (meaning is IOException outOfReach) return outOfReach;
        lock (_gate)
        {
            if (generation == _generation) IsDamaged = true;
        }
        if (IsDamaged) Damaged?.Invoke();
        return new IOException($"{what}: {meaning.Message}", problem);
    }

    private void Close()
    {
        _writer?.Dispose(); // what was not committed goes with the connection
        _writer = null;
    }

    public void Dispose()
    {
        Close();
        while (_idle.TryTake(out var reader)) reader.Reader.Dispose();
    }
}
