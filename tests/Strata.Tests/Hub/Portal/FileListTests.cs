using Microsoft.AspNetCore.Http;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Strata.Hub.Portal.Catalogue;

namespace Strata.Tests.Hub.Portal;

public sealed class FileListTests
{
    private const int All = 130;

    [Theory]
    [InlineData("", 0, 50, All)]
    [InlineData("?offset=100", 100, 30, All)]
    [InlineData("?offset=500", 500, 0, All)]
    [InlineData("?q=FILE-01", 0, 10, 10)]
    [InlineData("?q=file&offset=50", 50, 50, All)]
    [InlineData("?q=file&offset=100", 100, 30, All)]
    [InlineData("?kind=Directory", 0, 0, 0)]
    [InlineData("?kind=File&q=file-129", 0, 1, 1)]
    public async Task A_part_is_read_with_the_count_of_all_that_fit(string query, int offset, int rows, int total)
    {
        using var index = new MemoryStream();
        FileIndex.Write(index, Enumerable.Range(0, All).Select(i => new FoundEntry(new TarEntry { Name = $"file-{i:000}", Kind = TarEntryKind.File, Mode = 0x1A4, Size = 1 }, new string('a', 64), null)));
        index.Position = 0;
        var context = new DefaultHttpContext();
        context.Request.QueryString = new(query);
        var part = await FileList.ReadAsync(index, PageQuery.Of(context), All, TestContext.Current.CancellationToken);
        Assert.Equal((offset, rows, total), (part.Offset, part.Rows.Length, part.Total));
        if (rows > 0 && !query.Contains("q=", StringComparison.Ordinal)) Assert.Equal($"file-{offset:000}", part.Rows[0].Path);
    }
}
