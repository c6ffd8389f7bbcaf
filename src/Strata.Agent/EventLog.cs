namespace Strata.Agent;

/// <summary>What happened, one line an event, for whoever runs the agent. Never a secret.</summary>
internal sealed class EventLog(TextWriter output, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>Writes one event. Line breaks in it become blanks.</summary>
    public void Write(string line)
    {
        lock (_gate) output.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {line.ReplaceLineEndings(" ")}");
    }
}
