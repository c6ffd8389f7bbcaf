namespace Strata.Agent.Connecting;

/// <summary>How long to wait before the next try: doubled each time, with chance, so that a fleet does not come back all at once.</summary>
/// <remarks>Source: facts on AosCore 9.1, section 2: from 1 s, or what the hub asks for, to 10 min.</remarks>
internal sealed class Backoff(Random random)
{
    /// <summary>Longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private TimeSpan _next = Shortest;

    /// <summary>Begins anew, after a success. The hub may ask for a longer first wait.</summary>
    public void Reset(TimeSpan? first = null) => _next = first is { } asked && asked > TimeSpan.Zero ? Min(asked, Longest) : Shortest;

    /// <summary>The next wait: between half of the step and the whole of it.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.5 + (random.NextDouble() / 2));
        _next = Min(_next * 2, Longest);
        return wait;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
