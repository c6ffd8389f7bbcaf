using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Cli.Commands.Catalogue;

namespace Strata.Tests.Cli;

public sealed class CatalogueJsonTests
{
    [Fact]
    public void A_kind_has_one_word_in_what_the_tool_prints_as_in_the_index_and_in_its_options()
    {
        Assert.Equal(["blockDevice", "characterDevice", "deleted", "directory", "emptied", "fifo", "file", "hardLink", "symbolicLink"], IndexedKinds.ByWord.Keys.Order(StringComparer.Ordinal));
        Assert.All(IndexedKinds.ByWord, word =>
            Assert.Contains($"\"kind\":\"{word.Key}\"", JsonSerializer.Serialize([new IndexedEntry("a", word.Value)], CatalogueJson.Default.IndexedEntryArray), StringComparison.Ordinal));
    }
}
