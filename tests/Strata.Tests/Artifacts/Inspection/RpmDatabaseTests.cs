using System.Text;
using CsCheck;
using Microsoft.Data.Sqlite;
using Strata.Artifacts.Inspection;
using Strata.Tests.Store;

namespace Strata.Tests.Artifacts.Inspection;

/// <summary>Databases made by SQLite itself; what rpm makes is judged by the system tests.</summary>
public sealed class RpmDatabaseTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void Rows_of_every_size_are_read_from_pages_of_every_size(int pageSize)
    {
        var expected = Enumerable.Range(0, 200).Select(i => (Name: $"p{i:000}", Files: i * 7)).ToList();
        using var database = new MemoryStream(Database(pageSize, expected.Select(p => Header(p.Name, p.Files))));

        var packages = RpmDatabase.Read(database);

        Assert.Equal(expected, packages.Select(p => (p.Name, p.Files.Count)));
        Assert.Equal("usr/share/p001/f6", packages[1].Files[^1]);
        Assert.All(packages, p => Assert.Equal(("1-2", "noarch", "MIT", "rpm"), (p.Version, p.Architecture, p.License, p.Type)));
    }

    [Fact]
    public void A_database_without_packages_has_none() => Assert.Empty(RpmDatabase.Read(new MemoryStream(Database(4096, []))));

    [Theory]
    [InlineData("")]
    [InlineData("SQLite format 3\0")]
    [InlineData("some text that is longer than the hundred bytes of a header, so that the reader gets as far as looking at what stands in it")]
    public void What_is_no_database_is_refused(string content) =>
        Assert.Throws<InvalidDataException>(() => RpmDatabase.Read(new MemoryStream(Encoding.ASCII.GetBytes(content))));

    [Fact]
    public void Packages_that_multiply_a_long_folder_by_their_files_are_refused() =>
        Assert.Throws<InvalidDataException>(() => RpmDatabase.Read(new MemoryStream(Database(4096, Enumerable.Range(0, 3).Select(i => Header(new string((char)('a' + i), 60_000), 500))))));

    [Fact]
    public void Whatever_bytes_are_changed_it_is_read_or_refused()
    {
        var real = Database(512, Enumerable.Range(0, 30).Select(i => Header($"p{i}", i)));
        Gen.Select(Gen.Int[0, real.Length - 1], Gen.Byte).List[1, 6].Sample(
            changes =>
            {
                var file = (byte[])real.Clone();
                foreach (var (at, value) in changes) file[at] = value;
                RpmDatabase.TryRead(new MemoryStream(file), out _);
            },
            iter: 1000);
    }

    private static byte[] Database(int pageSize, IEnumerable<byte[]> headers)
    {
        using var folder = new TestFolder();
        var path = folder["rpmdb.sqlite"];
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            void Run(string text, params (string, object)[] values)
            {
                using var command = connection.CreateCommand();
                command.CommandText = text;
                foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
                command.ExecuteNonQuery();
            }
            Run($"PRAGMA page_size = {pageSize}");
            Run("CREATE TABLE 'Name' (key TEXT)");
            Run("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
            Run("BEGIN");
            foreach (var header in headers) Run("INSERT INTO Packages (blob) VALUES ($blob)", ("$blob", header));
            Run("COMMIT");
        }
        return File.ReadAllBytes(path);
    }

    /// <summary>A header with the tags that are read.</summary>
    private static byte[] Header(string name, int files)
    {
        var data = new MemoryStream();
        var tags = new List<(int Tag, int Type, int Offset, int Count)>();
        void Text(int tag, string value) => Texts(tag, 6, [value]);
        void Texts(int tag, int type, IReadOnlyList<string> values)
        {
            tags.Add((tag, type, (int)data.Position, values.Count));
            foreach (var value in values) data.Write(Encoding.UTF8.GetBytes(value + "\0"));
        }
        Text(1000, name);
        Text(1001, "1");
        Text(1002, "2");
        Text(1014, "MIT");
        Text(1022, "noarch");
        if (files > 0)
        {
            Texts(1117, 8, [.. Enumerable.Range(0, files).Select(i => $"f{i}")]);
            Texts(1118, 8, [$"/usr/share/{name}/"]);
            while (data.Position % 4 != 0) data.WriteByte(0);
            tags.Add((1116, 4, (int)data.Position, files));
            for (var i = 0; i < files; i++) data.Write([0, 0, 0, 0]);
        }
        var header = new MemoryStream();
        void Number(int value) => header.Write([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        Number(tags.Count);
        Number((int)data.Length);
        foreach (var (tag, type, offset, count) in tags)
        {
            Number(tag);
            Number(type);
            Number(offset);
            Number(count);
        }
        header.Write(data.ToArray());
        return header.ToArray();
    }
}
