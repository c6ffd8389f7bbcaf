using System.Globalization;
using Strata.Hub.Persistence;
using Strata.Hub.Publishing;

namespace Strata.Hub.Catalogues;

/// <summary>Writes published versions into the index, many in one transaction, over a connection of its own. One at a time.</summary>
internal sealed class IndexWriter(IndexTables tables) : IDisposable
{
    private readonly Statements _statements = new(tables.Database.Connect());
    private int _lastThing;
    private int _lastTrack;

    /// <summary>Takes in versions, in the order of their publication, and how far the index is with them; all of it or nothing.</summary>
    /// <param name="mark">What change <paramref name="sequence"/> is known by.</param>
    public void Apply(IEnumerable<IndexedVersion> versions, long sequence, string mark)
    {
        HubDatabase.Execute(_statements.Connection, "BEGIN");
        _lastThing = Number("SELECT MAX(id) FROM catalogue_things");
        _lastTrack = Number("SELECT MAX(id) FROM catalogue_tracks");
        var known = new Dictionary<long, int>();
        foreach (var track in versions.GroupBy(v => (v.Layer, v.Platform))) Apply(track.Key.Layer.Owner, track.Key.Layer.Codename, track.Key.Platform, [.. track], known);
        _statements.Of("DELETE FROM catalogue_state").Execute();
        _statements.Of("INSERT INTO catalogue_state (schema, sequence, mark) VALUES (@schema, @sequence, @mark)", "@schema", "@sequence", "@mark").Execute(IndexTables.Schema, sequence, mark);
        CrashPoints.Pass(CrashPoint.BeforeIndexed);
        HubDatabase.Execute(_statements.Connection, "COMMIT");
        CrashPoints.Pass(CrashPoint.AfterIndexed);
    }

    /// <summary>What one layer holds on one platform, carried on from version to version; only what comes or goes is written.</summary>
    private void Apply(string owner, string codename, string platform, List<IndexedVersion> versions, Dictionary<long, int> known)
    {
        var (track, place) = Track(owner, codename, platform);
        var open = Open(track);
        foreach (var version in versions)
        {
            var held = new Dictionary<long, IndexedThing>();
            foreach (var thing in version.Things) held.TryAdd(thing.Identity, thing);
            foreach (var (hash, (thing, first)) in open.Where(o => !held.ContainsKey(o.Key)).ToList())
            {
                _statements.Of("UPDATE catalogue_spans SET until = @until WHERE thing = @thing AND track = @track AND first = @first", "@until", "@thing", "@track", "@first")
                    .Execute(place, thing, track, first);
                open.Remove(hash);
            }
            foreach (var (hash, thing) in held)
            {
                if (open.ContainsKey(hash)) continue;
                var id = Thing(hash, thing, known);
                _statements.Of("INSERT INTO catalogue_spans (thing, track, first) VALUES (@thing, @track, @first)", "@thing", "@track", "@first").Execute(id, track, place);
                open[hash] = (id, place);
            }
            _statements.Of("INSERT INTO catalogue_versions (track, place, version) VALUES (@track, @place, @version)", "@track", "@place", "@version").Execute(track, place, version.Version);
            place++;
        }
        _statements.Of("UPDATE catalogue_tracks SET length = @length WHERE id = @track", "@length", "@track").Execute(place, track);
    }

    private (int Id, int Length) Track(string owner, string codename, string platform)
    {
        using (var row = _statements.Of("SELECT id, length FROM catalogue_tracks WHERE owner = @owner AND codename = @codename AND platform = @platform", "@owner", "@codename", "@platform")
            .Read(owner, codename, platform))
            if (row.Read()) return (row.GetInt32(0), row.GetInt32(1));
        _statements.Of("INSERT INTO catalogue_tracks (id, owner, codename, platform, length) VALUES (@id, @owner, @codename, @platform, 0)", "@id", "@owner", "@codename", "@platform")
            .Execute(++_lastTrack, owner, codename, platform);
        return (_lastTrack, 0);
    }

    private Dictionary<long, (int Thing, int First)> Open(int track)
    {
        using var rows = _statements.Of("SELECT t.hash, s.thing, s.first FROM catalogue_spans s JOIN catalogue_things t ON t.id = s.thing WHERE s.track = @track AND s.until IS NULL", "@track").Read(track);
        var open = new Dictionary<long, (int, int)>();
        while (rows.Read()) open.Add(rows.GetInt64(0), (rows.GetInt32(1), rows.GetInt32(2)));
        return open;
    }

    private int Thing(long hash, IndexedThing thing, Dictionary<long, int> known)
    {
        if (known.TryGetValue(hash, out var id)) return id;
        if (_statements.Of("SELECT id FROM catalogue_things WHERE hash = @hash", "@hash").Value(hash) is { } present) return known[hash] = Convert.ToInt32(present, CultureInfo.InvariantCulture);
        _statements.Of(tables.Insert(thing.Kind), "@id", "@hash", "@kind", "@key", "@name", "@version", "@license", "@type", "@sonames", "@search")
            .Execute(++_lastThing, hash, (int)thing.Kind, thing.Key, thing.Name, thing.Version, thing.License, thing.Type, thing.Sonames, thing.Search);
        return known[hash] = _lastThing;
    }

    private int Number(string sql) => _statements.Of(sql).Value() is { } value and not DBNull ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : 0;

    public void Dispose() => _statements.Dispose();
}
