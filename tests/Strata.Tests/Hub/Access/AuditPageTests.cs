using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Access;

/// <summary>A page of the audit looks at a bounded part of the log, whatever is asked for.</summary>
public sealed class AuditPageTests : IDisposable
{
    private const int Beyond = 500;
    private static readonly Caller Admin = new("admin", ClientRole.Admin, "localhost", Guid.Empty, null);
    private readonly TestFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly ChangeLog _log;
    private readonly HubWriter _writer;

    public AuditPageTests()
    {
        _database = SqliteDatabase.Open(_folder["hub.db"]);
        _log = ChangeLog.Open(_database);
        _writer = new(_log, TimeProvider.System);
        // Two lines that are looked for stand at each end of more than one page looks at.
        Change[] ends = [new UnitAdded(Guid.Empty, "old-1", Sample.Oem, null), new UnitAdded(Guid.Empty, "old-2", Sample.Oem, null)];
        Change[] news = [new UnitAdded(Guid.Empty, "new-1", Sample.Oem, null), new UnitAdded(Guid.Empty, "new-2", Sample.Oem, null)];
        _log.Append(1, [.. ends, .. Enumerable.Repeat<Change>(new BlobsRemoved([]), AuditEndpoints.MostScanned + Beyond), .. news], new(Sample.At, null));
    }

    [Theory]
    [InlineData("", "new-2 new-1", "old-2 old-1")]
    [InlineData("&offset=1", "new-1", "old-2 old-1")]
    [InlineData("&offset=3", "", "old-1")]
    [InlineData("&ordering=id", "old-1 old-2", "new-1 new-2")]
    [InlineData("&ordering=id&offset=3", "", "new-2")]
    [InlineData("&kind=never-was", "", "")]
    public void It_ends_after_a_bounded_number_of_lines_and_the_cursor_goes_on_there_with_what_is_still_to_be_passed_over(string query, string first, string second)
    {
        var words = $"kind=unit-added{query}".Replace("kind=unit-added&kind=", "kind=", StringComparison.Ordinal);
        var page = Page(words);
        Assert.Equal(first, Units(page));
        Assert.NotNull(page.NextCursor);
        var next = Page($"{string.Join('&', words.Split('&').Where(w => !w.StartsWith("offset", StringComparison.Ordinal)))}&cursor={page.NextCursor}");
        Assert.Equal(second, Units(next));
        Assert.Null(next.NextCursor);
    }

    [Theory]
    [InlineData("cursor=1.x")]
    [InlineData("cursor=.1")]
    [InlineData("cursor=1.20001")]
    [InlineData("cursor=1.-1")]
    [InlineData("cursor=99999999999999999999")]
    public void A_cursor_that_no_answer_gave_is_refused(string query) => Assert.Contains("next_cursor", Assert.Single(Read(query).Mistakes), StringComparison.Ordinal);

    [Fact]
    public void Nobody_reads_on_for_a_reader_who_has_left()
    {
        using var left = new CancellationTokenSource();
        left.Cancel();
        Assert.Throws<OperationCanceledException>(() => new AuditEndpoints(_writer).Page(Admin, Read("kind=never-was").Filter!, left.Token));
    }

    public void Dispose()
    {
        _writer.Dispose();
        _log.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private AuditPage Page(string query) => new AuditEndpoints(_writer).Page(Admin, Read(query).Filter!, TestContext.Current.CancellationToken);

    private static (AuditEndpoints.Filter? Filter, List<string> Mistakes) Read(string query) =>
        AuditEndpoints.Filter.Read(new QueryCollection(query.Split('&').Select(w => w.Split('=')).ToDictionary(w => w[0], w => new StringValues(w[1]))));

    private static string Units(AuditPage page) => string.Join(' ', page.Items.Select(i => i.Text.Split(' ').Single(w => w.StartsWith("old-", StringComparison.Ordinal) || w.StartsWith("new-", StringComparison.Ordinal))));
}
