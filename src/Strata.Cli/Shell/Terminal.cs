using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strata.Cli.Shell;

/// <summary>Where a command writes: results to one stream, progress and refusals to the other.</summary>
/// <param name="Out">Standard output: the result, for people or as JSON, and nothing else.</param>
/// <param name="Error">Standard error: progress and refusals.</param>
/// <param name="IsInteractive">Standard error is a terminal, so that progress may be redrawn in place.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>Results are written as one JSON document.</summary>
    public bool Json { get; init; }

    /// <summary>Writes the result: <paramref name="value"/> as one JSON document, or what <paramref name="text"/> writes for people.</summary>
    public void Result<T>(T value, JsonTypeInfo<T> type, Action<TextWriter> text)
    {
        if (Json) Out.WriteLine(JsonSerializer.Serialize(value, type));
        else text(new PrintableWriter(Out));
    }

    /// <summary>A long step that has begun; dispose it when it is over.</summary>
    public Progress Begin(string step) => new(this, step);

    /// <summary>A line for people while work goes on.</summary>
    public void Note(string line) => Error.WriteLine(PrintableWriter.Clean(line));
}
