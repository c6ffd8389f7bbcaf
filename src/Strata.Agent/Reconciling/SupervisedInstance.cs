using Strata.Agent.Kernel;
using Strata.Agent.Mounting;
using Strata.Agent.Reporting;
using Strata.Agent.Running;
using Strata.Model.Units;

namespace Strata.Agent.Reconciling;

/// <summary>One instance from its mount to its end: started, watched, started again when it ends by itself, stopped when asked.</summary>
internal sealed class SupervisedInstance
{
    /// <summary>How long an instance that handles SIGTERM may take to end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>An instance that ran this long and then ended starts with all its tries again.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private readonly InstanceHost _host;
    private readonly IReadOnlyList<string> _layers;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _run;

    /// <param name="layers">Folders of its layers, topmost first.</param>
    public SupervisedInstance(ServiceInstance instance, int slot, IReadOnlyList<string> layers, InstanceHost host)
    {
        (Instance, Slot, _layers, _host) = (instance, slot, layers, host);
        _run = Task.Run(RunAsync);
    }

    /// <summary>What it is.</summary>
    public ServiceInstance Instance { get; }

    /// <summary>Its number on this unit.</summary>
    public int Slot { get; }

    /// <summary>Its first process; null while none runs.</summary>
    public int? Pid { get; private set; }

    /// <summary>Ends when it runs or its first try has failed.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Folders of its layers, topmost first.</summary>
    public IReadOnlyList<string> Layers => _layers;

    /// <summary>Stops it, unmounts it and removes its slot.</summary>
    public Task StopAsync()
    {
        _stop.TrySetResult();
        return _run;
    }

    private async Task RunAsync()
    {
        var folder = _host.Folders.Slot(Slot);
        try
        {
            for (var tries = 0; !_stop.Task.IsCompleted; tries++)
            {
                Report(InstanceState.Activating);
                var began = _host.Time.GetTimestamp();
                var failure = await RunOnceAsync(folder);
                if (failure is null) break;
                Report(InstanceState.Failed, failure);
                _settled.TrySetResult();
                if (_host.Time.GetElapsedTime(began) > Stable) tries = 0;
                var pause = failure.IsFinal || tries >= Retries.Length ? Timeout.InfiniteTimeSpan : Retries[tries];
                await Task.WhenAny(_stop.Task, Task.Delay(pause, _host.Time));
            }
        }
        finally
        {
            OverlayMounter.Detach(folder);
            _settled.TrySetResult();
        }
    }

    /// <returns>Why it does not run any more; null when it was stopped.</returns>
    private async Task<Failure?> RunOnceAsync(string folder)
    {
        Container container;
        try
        {
            container = await StartAsync(folder);
        }
        catch (StackRefusedException refused)
        {
            return new(refused.Message, IsFinal: true);
        }
        catch (IOException trouble) // mount, runtime or disk: another moment may be better
        {
            return new(trouble.Message);
        }
        Pid = container.Pid;
        Report(InstanceState.Active);
        _settled.TrySetResult();
        while (await Task.WhenAny(container.Exit, _stop.Task, Task.Delay(InstanceLog.Interval, _host.Time)) is var first && first != container.Exit && first != _stop.Task)
            InstanceLog.Bound(_host.Folders.Log(Instance.Id));
        Pid = null;
        if (_stop.Task.IsCompleted)
        {
            await container.StopAsync(Patience, _host.Time);
            return null;
        }
        var code = await container.Exit;
        await container.DeleteAsync();
        return code is { } known ? new($"exited with code {known}", ExitCode: known) : new("ended with an unknown exit code");
    }

    private async Task<Container> StartAsync(string folder)
    {
        var name = AgentFolders.NameOf(Instance.Id);
        OverlayMounter.Detach(folder); // of an earlier try
        var root = _host.Mounter.Attach(folder, _layers, name);
        Directory.CreateDirectory(_host.Folders.Logs);
        var id = $"{_host.Folders.ContainerPrefix}{Slot}";
        var spec = RuntimeSpecComposer.Compose(
            Instance.Process, root, HostName(name), RuntimeSpecComposer.FirstUser + Slot, $"/{Cgroups.Parent}/{id}");
        return await _host.Runtime.StartAsync(id, folder, spec, _host.Folders.Log(Instance.Id));
    }

    private static string HostName(string name)
    {
        const int Longest = 63;
        return name.Length <= Longest ? name : name[^Longest..].TrimStart('-', '_');
    }

    private void Report(InstanceState state, Failure? failure = null)
    {
        _host.Log.Write($"{Instance.Id} {Instance.Version} is {state.ToString().ToLowerInvariant()}{(failure is null ? "" : $": {failure.Message}")}");
        _host.Board.SetInstance(Instance.Id, Instance.Version, state, failure);
    }
}

/// <summary>What every instance of this unit is run with.</summary>
internal sealed record InstanceHost(AgentFolders Folders, OverlayMounter Mounter, Crun Runtime, StatusBoard Board, EventLog Log, TimeProvider Time);
