using System.Buffers.Binary;
using System.Text;

namespace Strata.Artifacts.Inspection;

/// <summary>Reads the rows of a table in an SQLite file, without SQLite: a file from elsewhere is walked, never executed.</summary>
/// <remarks>
/// Tables with row ids, in the file itself: what stands only in a write-ahead log beside it is not seen.
/// Source: sqlite.org, "Database File Format", 1.3 to 2.6.
/// </remarks>
/// <param name="file">Can be sought in.</param>
/// <param name="largestRow">Bytes; a larger one is refused.</param>
internal sealed class SqliteFile(Stream file, int largestRow)
{
    private const int HeaderLength = 100, MostDepth = 20, MostColumns = 2000, MostRows = 1_000_000; // columns: SQLite's own default bound
    private const byte InteriorTable = 5, LeafTable = 13;
    private int _pageSize, _usable, _rows;
    private long _read;

    /// <summary>The rows of <paramref name="table"/> in the order of their ids: texts and blobs as bytes, all else as nothing.</summary>
    /// <exception cref="InvalidDataException">It is no SQLite file, has no such table, or is damaged.</exception>
    public IEnumerable<IReadOnlyList<byte[]>> Rows(string table)
    {
        ReadHeader();
        foreach (var row in Walk(1, MostDepth, []))
        {
            // sqlite_schema: type, name, tbl_name, rootpage, sql
            if (row.Values.Count < 4 || Encoding.UTF8.GetString(row.Values[0]) != "table" || !Encoding.UTF8.GetString(row.Values[1]).Equals(table, StringComparison.OrdinalIgnoreCase)) continue;
            return Walk(row.Numbers[3], MostDepth, []).Select(r => r.Values);
        }
        throw new InvalidDataException($"The database has no table '{table}'.");
    }

    private sealed record Row(IReadOnlyList<byte[]> Values, IReadOnlyList<long> Numbers);

    private void ReadHeader()
    {
        var header = new byte[HeaderLength];
        file.Position = 0;
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !header.AsSpan().StartsWith("SQLite format 3\0"u8)) throw Damaged("it does not begin as one");
        _pageSize = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) is 1 ? 65_536 : BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16));
        _usable = _pageSize - header[20];
        if (_pageSize < 512 || (_pageSize & (_pageSize - 1)) != 0 || _usable < 480) throw Damaged("its page size is none");
    }

    private IEnumerable<Row> Walk(long number, int depth, HashSet<long> seen)
    {
        // Every page stands in the tree once; a circle would never end.
        if (depth == 0 || !seen.Add(number)) throw Damaged("its pages form no tree");
        var page = Page(number);
        var start = number == 1 ? HeaderLength : 0;
        var kind = page[start];
        if (kind is not (InteriorTable or LeafTable)) throw Damaged("a page of a table is none");
        var cells = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3));
        var pointers = start + (kind == InteriorTable ? 12 : 8);
        if (pointers + (2 * cells) > _usable) throw Damaged("a page lists more cells than it holds");
        for (var i = 0; i < cells; i++)
        {
            int cell = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(pointers + (2 * i)));
            if (cell > _usable - 4) throw Damaged("a cell lies outside its page");
            if (kind == LeafTable)
            {
                yield return Parse(Payload(page, cell));
                continue;
            }
            foreach (var row in Walk(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(cell)), depth - 1, seen)) yield return row;
        }
        if (kind != InteriorTable) yield break;
        foreach (var row in Walk(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + 8)), depth - 1, seen)) yield return row;
    }

    // A cell: length of the row, its id, what fits of the row, and where the rest begins.
    private byte[] Payload(byte[] page, int at)
    {
        var length = Varint(page, ref at);
        Varint(page, ref at);
        if (++_rows > MostRows) throw Damaged($"it has more than {MostRows} rows");
        if (length < 0 || length > largestRow) throw Damaged($"a row is larger than {largestRow} bytes");
        // Pages of long rows may be named by several rows; in a sound file all rows together are no longer than the file.
        if ((_read += length) > file.Length) throw Damaged("its rows are longer than the file");
        var here = (int)length;
        if (length > _usable - 35)
        {
            var least = ((_usable - 12) * 32 / 255) - 23;
            var fitting = least + (int)((length - least) % (_usable - 4));
            here = fitting <= _usable - 35 ? fitting : least;
        }
        var payload = new byte[length];
        if (at + here + (here < length ? 4 : 0) > _usable) throw Damaged("a row leads out of its page");
        page.AsSpan(at, here).CopyTo(payload);
        var next = here < length ? BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at + here)) : 0;
        while (here < length)
        {
            var more = Page(next);
            var count = Math.Min(_usable - 4, (int)length - here);
            more.AsSpan(4, count).CopyTo(payload.AsSpan(here));
            here += count;
            next = BinaryPrimitives.ReadUInt32BigEndian(more);
        }
        return payload;
    }

    // A row: length of its head, a kind for each column, then the columns.
    private static Row Parse(byte[] payload)
    {
        var at = 0;
        var end = Varint(payload, ref at);
        if (end < at || end > payload.Length) throw Damaged("a row's head is longer than the row");
        var (values, numbers, data) = (new List<byte[]>(), new List<long>(), end);
        while (at < end)
        {
            if (values.Count == MostColumns) throw Damaged($"a row has more than {MostColumns} columns");
            var kind = Varint(payload, ref at);
            var length = kind switch { >= 12 => (kind - 12) / 2, >= 1 and <= 4 => kind, 5 => 6, 6 or 7 => 8, _ => 0 };
            if (length < 0 || length > payload.Length - data) throw Damaged("a row's columns are longer than the row");
            var column = payload.AsSpan((int)data, (int)length);
            values.Add(kind >= 12 ? column.ToArray() : []);
            numbers.Add(kind is >= 1 and <= 6 ? Number(column) : kind == 9 ? 1 : 0);
            data += length;
        }
        return new(values, numbers);
    }

    private static long Number(ReadOnlySpan<byte> bytes)
    {
        long number = bytes.Length > 0 && (bytes[0] & 0x80) != 0 ? -1 : 0;
        foreach (var one in bytes) number = (number << 8) | one;
        return number;
    }

    private static long Varint(byte[] bytes, ref int at)
    {
        long value = 0;
        for (var i = 0; i < 9; i++)
        {
            if (at >= bytes.Length) throw Damaged("a number breaks off");
            var one = bytes[at++];
            if (i == 8) return (value << 8) | one;
            value = (value << 7) | (one & 0x7Fu);
            if (one < 0x80) return value;
        }
        return value;
    }

    private byte[] Page(long number)
    {
        if (number < 1 || number > file.Length / _pageSize) throw Damaged($"it has no page {number}");
        var page = new byte[_pageSize];
        file.Position = (number - 1) * _pageSize;
        file.ReadExactly(page);
        return page;
    }

    private static InvalidDataException Damaged(string how) => new($"The database is damaged: {how}.");
}
