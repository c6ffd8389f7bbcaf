using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Model.Units;

namespace Strata.Agent.Reconciling;

/// <summary>The instances that run or are meant to run on this unit.</summary>
/// <remarks>Used by one plan at a time; an instance changes its own state meanwhile.</remarks>
internal sealed class Instances(InstanceHost host)
{
    private readonly List<SupervisedInstance> _supervised = [];
    private readonly Lock _gate = new();

    /// <summary>Those that are supervised, failed ones among them.</summary>
    public IReadOnlyCollection<ServiceInstance> Actual
    {
        get { lock (_gate) return [.. _supervised.Select(s => s.Instance)]; }
    }

    /// <summary>Starts instances side by side; returns when each runs or has failed its first try.</summary>
    /// <param name="folders">Gives the folders of an instance's layers, topmost first.</param>
    public async Task StartAsync(IEnumerable<ServiceInstance> instances, Func<ServiceInstance, IReadOnlyList<string>> folders)
    {
        var started = new List<Task>();
        foreach (var instance in instances)
        {
            lock (_gate)
            {
                var slot = Enumerable.Range(0, int.MaxValue).First(n => _supervised.TrueForAll(s => s.Slot != n));
                var supervised = new SupervisedInstance(instance, slot, folders(instance), host);
                _supervised.Add(supervised);
                started.Add(supervised.Settled);
            }
        }
        await Task.WhenAll(started);
        WriteRunning();
    }

    /// <summary>Stops instances side by side. Every one is tried, whatever becomes of the others.</summary>
    public async Task StopAsync(IReadOnlyCollection<ServiceInstance> instances)
    {
        List<SupervisedInstance> leaving;
        lock (_gate) leaving = [.. _supervised.Where(s => instances.Contains(s.Instance))];
        try
        {
            await Task.WhenAll(leaving.Select(s => s.StopAsync()));
        }
        finally
        {
            lock (_gate) _supervised.RemoveAll(leaving.Contains);
            foreach (var gone in leaving) host.Board.DropInstance(gone.Instance.Id, gone.Instance.Version);
            WriteRunning();
        }
    }

    private void WriteRunning()
    {
        RunningInstance[] running;
        lock (_gate)
        {
            running = [.. _supervised.Select(s => new RunningInstance(
                s.Instance.Id.ItemId,
                s.Instance.Id.SubjectId,
                s.Instance.Id.Index,
                s.Instance.Version,
                s.Pid,
                Path.Combine(host.Folders.Slot(s.Slot), "rootfs"),
                host.Folders.Log(s.Instance.Id),
                [.. s.Layers]))];
        }
        var partial = host.Folders.Running + ".part";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(running, RunningJson.Default.RunningInstanceArray));
        File.Move(partial, host.Folders.Running, overwrite: true);
    }
}

/// <summary>A line of <c>running.json</c>: where an instance can be seen. It is written when a plan has run.</summary>
internal sealed record RunningInstance(
    string Item, string Subject, int Index, string Version, int? Pid, string Root, string Log, string[] Layers);

/// <summary>JSON of <c>running.json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RunningInstance[]))]
internal sealed partial class RunningJson : JsonSerializerContext;
