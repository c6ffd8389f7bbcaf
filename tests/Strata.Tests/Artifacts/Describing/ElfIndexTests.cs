using System.Text;
using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;

namespace Strata.Tests.Artifacts.Describing;

/// <summary>The index of ELF files, written and read one file at a time.</summary>
public sealed class ElfIndexTests
{
    private static readonly FoundBinary[] Two =
    [
        new("usr/bin/app", null, new(62, 64, true) { Kind = ElfKind.Program, Needed = ["libone.so.1"], Symbols = [new("call", "ONE_1.0", ElfBinding.Global, false) { From = "libone.so.1" }] }),
        new("usr/lib/libone.so.1", "one", new(62, 64, true) { Kind = ElfKind.Shared, Soname = "libone.so.1", Symbols = [new("call", "ONE_1.0", ElfBinding.Global, true)] }),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_is_written_is_read_file_by_file(int count)
    {
        using var index = new MemoryStream();
        ElfIndex.Write(index, Two[..count]);
        index.Position = 0;
        Assert.Equal(Two[..count], await ReadAsync(index));
        Assert.Equal(Two[..count], ElfIndex.Read(index.ToArray()));
    }

    [Theory]
    [InlineData("", "does not begin")]
    [InlineData("{\"format\":2,\"binaries\":[\n]}\n", "does not begin")]
    [InlineData("{\"format\":1,\"binaries\":[\n", "breaks off")]
    [InlineData("{\"format\":1,\"binaries\":[\n]}", "breaks off")]
    [InlineData("{\"format\":1,\"binaries\":[\n]}\n{}\n", "follows the end")]
    [InlineData("{\"format\":1,\"binaries\":[\n{\"path\":7}\n]}\n", "path")]
    [InlineData("{\"format\":1,\"binaries\":[\nnull\n]}\n", "null")]
    [InlineData("{\"format\":1,\"binaries\":[\n{\"path\":\"a\",\"architecture\":\"amd64\",\"machine\":62,\"bits\":64,\"byteOrder\":\"little\",\"kind\":\"shared\",\"needed\":[null],\"runPath\":[],\"defined\":[],\"undefined\":[]}\n]}\n", "null")]
    [InlineData("{\"format\":1,\"binaries\":[\n{\"path\":\"a\",\"architecture\":\"amd64\",\"machine\":62,\"bits\":64,\"byteOrder\":\"little\",\"kind\":\"shared\",\"needed\":[],\"runPath\":[],\"defined\":[null],\"undefined\":[]}\n]}\n", "null")]
    [InlineData("{\"format\":1,\"binaries\":[\n{\"path\":\"a\",\"architecture\":\"amd64\",\"machine\":62,\"bits\":64,\"byteOrder\":\"little\",\"kind\":\"shared\"}\n]}\n", "missing")]
    [InlineData("{\"format\":1,\"binaries\":[\n{\"path\":\"a\",\"path\":\"b\",\"architecture\":\"amd64\",\"machine\":62,\"bits\":64,\"byteOrder\":\"little\",\"kind\":\"shared\"}\n]}\n", "Duplicate")]
    public async Task What_is_no_index_is_refused(string text, string why)
    {
        var refusal = await Assert.ThrowsAsync<JsonException>(() => ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_without_a_comma_between_them_are_no_index()
    {
        using var index = new MemoryStream();
        ElfIndex.Write(index, Two);
        var text = Encoding.UTF8.GetString(index.ToArray()).Replace("},\n", "}\n", StringComparison.Ordinal);
        await Assert.ThrowsAsync<JsonException>(() => ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public async Task A_line_beyond_all_libraries_is_refused_before_its_end()
    {
        foreach (var line in new[] { new string(' ', ElfIndex.LongestLine * 3), new string(' ', ElfIndex.LongestLine + 1) + "\n" })
        {
            var text = "{\"format\":1,\"binaries\":[\n" + line;
            var refusal = await Assert.ThrowsAsync<JsonException>(() => ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))));
            Assert.Contains($"longer than {ElfIndex.LongestLine} bytes", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<List<FoundBinary>> ReadAsync(Stream index)
    {
        var found = new List<FoundBinary>();
        await foreach (var binary in ElfIndex.ReadEachAsync(index, Cancellation)) found.Add(binary);
        return found;
    }
}
