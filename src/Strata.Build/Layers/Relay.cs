namespace Strata.Build.Layers;

/// <summary>Reports at once, on the thread that has something to report.</summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
