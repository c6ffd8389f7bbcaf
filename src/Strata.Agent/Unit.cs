using Strata.Agent.Connecting;
using Strata.Agent.Kernel;
using Strata.Agent.Mounting;
using Strata.Agent.Obtaining;
using Strata.Agent.Reconciling;
using Strata.Agent.Reporting;
using Strata.Agent.Running;
using Strata.Artifacts.Protocol;
using Strata.Store;

namespace Strata.Agent;

/// <summary>The unit as a whole: puts the parts together, runs them and takes everything down again.</summary>
internal sealed class Unit(AgentOptions options, EventLog log, TimeProvider time)
{
    private readonly AgentFolders _folders = new(options.Root);
    private readonly Cgroups _cgroups = new();

    /// <summary>Ends what an earlier agent left.</summary>
    /// <exception cref="StoreInUseException">That agent still runs.</exception>
    public async Task CleanUpAsync()
    {
        using var held = StoreLock.Acquire(_folders.Root);
        await CleanUpAsync(new(options.Runtime, _folders.Runtime, _cgroups));
    }

    /// <summary>Runs until it is cancelled; then every instance is stopped and every mount taken away.</summary>
    /// <exception cref="StoreInUseException">Another agent has this root.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var identity = UnitIdentity.Load(options.Certificate, options.FleetRoot);
        using var held = StoreLock.Acquire(_folders.Root);
        File.SetUnixFileMode(_folders.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        Directory.CreateDirectory(_folders.Logs);
        SystemCalls.BecomeSubreaper();
        var runtime = new Crun(options.Runtime, _folders.Runtime, _cgroups);
        await CleanUpAsync(runtime);
        foreach (var removed in Recovery.Run(held).Removed) log.Write($"Removed {removed}, which an interrupted run left.");
        var view = new BaseView(options.Base, options.Visible, _folders.Whiteouts);
        view.Prepare();

        var board = new StatusBoard(NodeReader.Read(identity.SystemId, _folders.Root, options.Base, options.Runtime));
        var instances = new Instances(new(_folders, new OverlayMounter(view), runtime, board, log, time));
        try
        {
            await RunAsync(identity, board, instances, cancellationToken);
        }
        finally
        {
            log.Write("Stopping.");
            await instances.StopAsync(instances.Actual);
            await CleanUpAsync(runtime);
        }
    }

    private async Task RunAsync(UnitIdentity identity, StatusBoard board, Instances instances, CancellationToken cancellationToken)
    {
        using var tls = identity.ServerTls();
        using var http = new HttpClient(tls, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Action<DesiredStatus> receive = _ => { };
        var hub = new HubLink(identity, options.Discovery ?? identity.DefaultDiscovery, board.Full, status => receive(status), log, time);
        var reporter = new StatusReporter(board, hub, time);
        var (blobs, layers) = (new BlobStore(_folders.Root), new LayerStore(_folders.Root));
        var source = new BlobSource(hub, new BlobDownload(http, _folders.Downloads), log, time);
        using var reconciler = new Reconciler(
            new(
                new(blobs, source, NodeReader.ReadPlatform()),
                new(source, layers, _folders.Downloads, log),
                blobs,
                layers,
                instances,
                new(_folders.Installed),
                status => new(status, identity.Roots),
                board,
                log),
            new(_folders.Desired),
            reporter.TellAll,
            log);
        receive = reconciler.Receive;
        log.Write($"Unit {identity.SystemId} starts.");

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [hub.RunAsync(ending.Token), reconciler.RunAsync(ending.Token), reporter.RunAsync(ending.Token)];
        try
        {
            await await Task.WhenAny(parts);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task CleanUpAsync(Crun runtime)
    {
        var (containers, mounts) = await Leftovers.RemoveAsync(_folders, runtime, _cgroups);
        if (containers + mounts > 0) log.Write($"Ended {containers} containers and took {mounts} mounts away that were left.");
    }
}
