using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strata.Artifacts.Json;

/// <summary>A JSON document of one long list with each element on a line of its own, so that it is written and read with one element in memory.</summary>
/// <param name="format">Number of the document's format.</param>
/// <param name="list">Key of the list.</param>
/// <param name="maxLineBytes">Longest line that is read.</param>
internal sealed class LineDocument(int format, string list, int maxLineBytes)
{
    private readonly byte[] _head = Encoding.UTF8.GetBytes($"{{\"format\":{format},\"{list}\":[");

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <summary>Writes the document.</summary>
    /// <param name="output">Not closed.</param>
    public void Write<T>(Stream output, IEnumerable<T> elements, JsonTypeInfo<T> type)
    {
        output.Write(_head);
        var end = "\n"u8;
        foreach (var element in elements)
        {
            output.Write(end);
            output.Write(JsonSerializer.SerializeToUtf8Bytes(element, type));
            end = ",\n"u8;
        }
        output.Write("\n"u8);
        output.Write(Tail);
        output.Write("\n"u8);
    }

    /// <summary>Reads a document that <see cref="Write"/> made.</summary>
    /// <param name="input">Read to its end, not closed.</param>
    /// <param name="skip">Elements at its start that are passed over without a look into them.</param>
    /// <exception cref="JsonException">It is none, or is written otherwise; also for what the enumeration comes to later.</exception>
    public async IAsyncEnumerable<T> ReadAsync<T>(Stream input, JsonTypeInfo<T> type, long skip, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        using var lines = new BoundedLines(input, maxLineBytes);
        if (!(await lines.NextAsync(cancellation))?.Span.SequenceEqual(_head) ?? true) throw new JsonException($"The index does not begin as one of format {format} does.");
        var more = true;
        while (await lines.NextAsync(cancellation) is { } line)
        {
            if (line.Span.SequenceEqual(Tail))
            {
                if (await lines.NextAsync(cancellation) is not null) throw new JsonException("Something follows the end of the index.");
                yield break;
            }
            if (!more) throw new JsonException("A comma is missing between two lines of the index.");
            more = line.Span.EndsWith(","u8);
            if (skip-- > 0) continue;
            yield return JsonSerializer.Deserialize(more ? line.Span[..^1] : line.Span, type) ?? throw new JsonException("A line of the index is null.");
        }
        throw new JsonException("The index breaks off.");
    }
}
