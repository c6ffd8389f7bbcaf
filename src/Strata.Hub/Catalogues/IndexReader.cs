using System.Data.Common;
using Strata.Hub.Persistence;

namespace Strata.Hub.Catalogues;

/// <summary>A thing as the index holds it.</summary>
/// <param name="Key">As <see cref="IndexedThing.Key"/>.</param>
internal sealed record FoundThing(int Id, string Key, IndexedThing Thing);

/// <summary>Versions of one track that hold a thing: from place <paramref name="First"/> on, up to before <paramref name="Until"/>.</summary>
/// <param name="FirstVersion">What was published at the first place.</param>
/// <param name="LastVersion">What was published at the last.</param>
internal readonly record struct FoundSpan(int First, int Until, bool IsOpen, string FirstVersion, string LastVersion);

/// <summary>Where a thing is held: a layer on one platform, with the newest spans first.</summary>
internal sealed record FoundTrack(int Id, string Owner, string Codename, string Platform, List<FoundSpan> Spans);

/// <summary>Reads the index over a connection of its own, a part at a time. Not for two threads at once.</summary>
internal sealed class IndexReader(IndexTables tables) : IDisposable
{
    private readonly Statements _statements = new(tables.Database.Connect());

    /// <summary>Things called exactly <paramref name="key"/>, from number <paramref name="from"/> downwards.</summary>
    public List<FoundThing> Exact(HitKind kind, string key, int from) => Things(
        _statements.Of($"SELECT {IndexTables.Columns} FROM catalogue_things t WHERE t.kind = {(int)kind} AND t.key = @key AND t.id <= @from ORDER BY t.id DESC LIMIT {IndexTables.Part}", "@key", "@from")
            .Read(key, from), kind);

    /// <summary>Things whose key begins no earlier than with <paramref name="key"/>, and there from number <paramref name="from"/> upwards.</summary>
    public List<FoundThing> Onwards(HitKind kind, string key, int from) => Things(
        _statements.Of($"SELECT {IndexTables.Columns} FROM catalogue_things t WHERE t.kind = {(int)kind} AND (t.key, t.id) >= (@key, @from) ORDER BY t.key, t.id LIMIT {IndexTables.Part}", "@key", "@from")
            .Read(key, from), kind);

    /// <summary>Things that perhaps hold all of <paramref name="words"/>, from number <paramref name="from"/> downwards.</summary>
    public List<FoundThing> Containing(HitKind kind, IReadOnlyList<string> words, int from) => Things(
        _statements.Of(tables.Containing(kind, words.Count), [.. tables.PatternNames(words.Count), "@from"]).Read([.. tables.Patterns(kind, words, _statements), from]), kind);

    /// <summary>Where a thing is held, in tracks behind number <paramref name="after"/>, and whether there may be more behind these.</summary>
    public (List<FoundTrack> Tracks, bool GoOn) Tracks(int thing, int after)
    {
        using var rows = _statements.Of(
            $"""
            SELECT s.track, s.first, COALESCE(s.until, k.length), s.until IS NULL, k.owner, k.codename, k.platform, f.version, l.version
            FROM catalogue_spans s JOIN catalogue_tracks k ON k.id = s.track
            JOIN catalogue_versions f ON f.track = s.track AND f.place = s.first JOIN catalogue_versions l ON l.track = s.track AND l.place = COALESCE(s.until, k.length) - 1
            WHERE s.thing = @thing AND s.track > @after ORDER BY s.track, s.first DESC LIMIT {IndexTables.Part}
            """, "@thing", "@after").Read(thing, after);
        var found = new List<FoundTrack>();
        var count = 0;
        for (; rows.Read(); count++)
        {
            var track = rows.GetInt32(0);
            if (found.Count == 0 || found[^1].Id != track) found.Add(new(track, rows.GetString(4), rows.GetString(5), rows.GetString(6), []));
            found[^1].Spans.Add(new(rows.GetInt32(1), rows.GetInt32(2), rows.GetBoolean(3), rows.GetString(7), rows.GetString(8)));
        }
        // The last track of a full part may have more spans: it is read again, whole, with the next part.
        if (count == IndexTables.Part && found.Count > 1) found.RemoveAt(found.Count - 1);
        return (found, count == IndexTables.Part);
    }

    /// <summary>Versions of a track in a span, from place <paramref name="from"/> downwards, or upwards; at most <see cref="IndexTables.Part"/>.</summary>
    public List<(int Place, string Version)> Versions(int track, FoundSpan span, int from, bool isUpwards)
    {
        var (first, until) = isUpwards ? (from, span.Until) : (span.First, from + 1);
        using var rows = _statements.Of(
            $"SELECT place, version FROM catalogue_versions WHERE track = @track AND place >= @first AND place < @until ORDER BY place {(isUpwards ? "ASC" : "DESC")} LIMIT {IndexTables.Part}",
            "@track", "@first", "@until").Read(track, first, until);
        var found = new List<(int, string)>();
        while (rows.Read()) found.Add((rows.GetInt32(0), rows.GetString(1)));
        return found;
    }

    private static List<FoundThing> Things(DbDataReader rows, HitKind kind)
    {
        using (rows)
        {
            var found = new List<FoundThing>();
            string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
            while (rows.Read())
                found.Add(new(rows.GetInt32(0), rows.GetString(1), new(kind, rows.GetString(2)) { Version = Text(3), License = Text(4), Type = Text(5), Sonames = Text(6) }));
            return found;
        }
    }

    public void Dispose() => _statements.Dispose();
}
