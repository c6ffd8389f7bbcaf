using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Strata.Artifacts.Json;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Publishing;

/// <summary>One line of a bundle's build log.</summary>
/// <param name="Step">The step that was being done.</param>
/// <param name="Level"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
internal sealed record BuildLine(DateTimeOffset At, string Step, string Level, string Text);

/// <summary>JSON of the build log.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BuildLine))]
[JsonSerializable(typeof(BuildLine[]))]
internal sealed partial class BuildLineJson : JsonSerializerContext;

/// <summary>What happens to bundles, as it happens: build logs line by line, and each bundle whose state or step changed.</summary>
/// <remarks>A log is held here while its bundle is judged and becomes a blob with the verdict. Slow listeners lose the oldest states, never the newest.</remarks>
internal sealed class BundleEvents : IDisposable
{
    private const int MostLines = 10_000;
    private const int Waiting = 256;
    private const long LargestLog = 64 << 20;
    private readonly ConcurrentDictionary<Guid, LiveLog> _live = new();
    private readonly ConcurrentDictionary<Channel<Guid>, bool> _listeners = new();
    private readonly HubWriter _writer;
    private readonly IBlobs _blobs;
    private readonly TimeProvider _clock;

    public BundleEvents(HubWriter writer, IBlobs blobs, TimeProvider clock)
    {
        (_writer, _blobs, _clock) = (writer, blobs, clock);
        writer.Changed += Note;
    }

    /// <summary>Adds a line to a bundle's log.</summary>
    public void Log(Guid bundle, BundleStep step, string level, string text) =>
        _live.GetOrAdd(bundle, _ => new()).Add(new(_clock.GetUtcNow(), Name(step), level, text));

    /// <summary>The log as it has to be kept with the verdict.</summary>
    public byte[] Content(Guid bundle) => JsonSerializer.SerializeToUtf8Bytes(Lines(bundle), BuildLineJson.Default.BuildLineArray);

    /// <summary>A judged bundle's log is read from its blob from now on.</summary>
    public void Close(Guid bundle)
    {
        if (_live.TryRemove(bundle, out var log)) log.End();
    }

    /// <summary>The log as far as it is written.</summary>
    public async Task<BuildLine[]> LinesAsync(BundleRow bundle, CancellationToken cancellation)
    {
        if (_live.ContainsKey(bundle.Id) || bundle.Log is not { } digest) return Lines(bundle.Id);
        await using var file = await _blobs.OpenAsync(digest, cancellation);
        if (file is null || file.Length > LargestLog) return [];
        return await JsonSerializer.DeserializeAsync(file, BuildLineJson.Default.BuildLineArray, cancellation) ?? [];
    }

    /// <summary>A bundle's lines from the one behind <paramref name="after"/> on, waiting for new ones until the bundle is judged.</summary>
    /// <param name="after">Number of the last line that is known; lines count from 1.</param>
    public async IAsyncEnumerable<(int Number, BuildLine Line)> FollowAsync(Guid bundle, int after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = Math.Max(after, 0);
        while (_live.TryGetValue(bundle, out var live) || _writer.State.Bundles.GetValueOrDefault(bundle) is { State: BundleState.Uploaded })
        {
            live ??= _live.GetOrAdd(bundle, _ => new());
            var (lines, changed, ended) = live.From(next);
            foreach (var line in lines) yield return (++next, line);
            if (ended) break;
            await changed.WaitAsync(cancellation);
        }
        if (_writer.State.Bundles.GetValueOrDefault(bundle) is not { } judged) yield break;
        foreach (var line in (await LinesAsync(judged, cancellation)).Skip(next)) yield return (++next, line);
    }

    /// <summary>Ids of bundles whose state or step changed, from now on and until it is disposed of.</summary>
    public Listener Listen()
    {
        var channel = Channel.CreateBounded<Guid>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners[channel] = true;
        return new(channel, () => _listeners.TryRemove(channel, out _));
    }

    /// <summary>A step as the API writes it.</summary>
    public static string Name(BundleStep step) => step.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    public void Dispose() => _writer.Changed -= Note;

    private BuildLine[] Lines(Guid bundle) => _live.TryGetValue(bundle, out var live) ? live.From(0).Lines : [];

    private void Note(HubState state, IReadOnlyList<Change> batch)
    {
        foreach (var change in batch)
        {
            var id = change switch { BundleReceived c => c.Id, BundleAdvanced c => c.Id, BundleDone c => c.Id, BundleFailed c => c.Id, BundleDeleted c => c.Id, _ => (Guid?)null };
            if (id is not { } bundle) continue;
            foreach (var listener in _listeners.Keys) listener.Writer.TryWrite(bundle);
        }
    }

    /// <summary>Hears of changes.</summary>
    public sealed class Listener(Channel<Guid> changes, Action forget) : IDisposable
    {
        /// <summary>The next change; null when none came within <paramref name="patience"/>.</summary>
        public async Task<Guid?> NextAsync(TimeSpan patience, CancellationToken cancellation)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(patience);
            try
            {
                return await changes.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
        }

        /// <inheritdoc/>
        public void Dispose() => forget();
    }

    private sealed class LiveLog
    {
        private readonly Lock _gate = new();
        private readonly List<BuildLine> _lines = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _ended;

        public void Add(BuildLine line)
        {
            lock (_gate)
            {
                if (_lines.Count >= MostLines) return;
                _lines.Add(line);
                Wake();
            }
        }

        public void End()
        {
            lock (_gate)
            {
                _ended = true;
                Wake();
            }
        }

        public (BuildLine[] Lines, Task Changed, bool Ended) From(int first)
        {
            lock (_gate) return ([.. _lines.Skip(first)], _changed.Task, _ended);
        }

        private void Wake()
        {
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
