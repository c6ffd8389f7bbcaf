using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strata.Artifacts.Json;

/// <summary>Writes a large JSON document onto a stream as it goes: two blanks a step, a line feed at the end, no more in memory than a buffer.</summary>
/// <param name="output">Not closed.</param>
internal sealed class DocumentWriter(Stream output) : IDisposable
{
    private const int Flushed = 64 * 1024;
    private readonly Stack<bool> _lists = [];
    private readonly Utf8JsonWriter _json = new(output, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Begins an object, in an object under <paramref name="name"/>.</summary>
    public void Open(string? name = null)
    {
        if (name is null) _json.WriteStartObject();
        else _json.WriteStartObject(name);
        _lists.Push(false);
    }

    /// <summary>Begins a list.</summary>
    public void OpenList(string name)
    {
        _json.WriteStartArray(name);
        _lists.Push(true);
    }

    /// <summary>Ends what was begun last.</summary>
    public void Close()
    {
        if (_lists.Pop()) _json.WriteEndArray();
        else _json.WriteEndObject();
        if (_lists.Count == 0)
        {
            _json.Flush();
            output.Write("\n"u8);
        }
        else if (_json.BytesPending > Flushed)
        {
            _json.Flush();
        }
    }

    /// <summary>A text.</summary>
    public void Text(string name, string value) => _json.WriteString(name, value);

    /// <summary>A number.</summary>
    public void Number(string name, long value) => _json.WriteNumber(name, value);

    /// <summary>A truth.</summary>
    public void Flag(string name, bool value) => _json.WriteBoolean(name, value);

    /// <summary>A list of texts.</summary>
    public void Texts(string name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values) _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
