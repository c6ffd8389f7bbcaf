using Strata.Agent;
using Strata.Agent.Kernel;
using Strata.Agent.Mounting;
using Strata.Agent.Reconciling;
using Strata.Agent.Reporting;
using Strata.Agent.Running;
using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Tests.Agent;

/// <summary>A folder of a unit with a base of one static program, and everything to run instances in it. Needs root and crun.</summary>
public sealed class UnitFolder : IAsyncDisposable
{
    private readonly Crun _runtime;

    public UnitFolder()
    {
        Root = Directory.CreateTempSubdirectory("strata-unit-").FullName;
        Base = Path.Combine(Root, "base");
        Directory.CreateDirectory(Path.Combine(Base, "bin"));
        Directory.CreateDirectory(Path.Combine(Base, "secret"));
        File.Copy("/bin/busybox", Path.Combine(Base, "bin", "busybox"));
        File.CreateSymbolicLink(Path.Combine(Base, "bin", "sh"), "busybox");
        File.CreateSymbolicLink(Path.Combine(Base, "alias"), "secret");
        File.WriteAllText(Path.Combine(Base, "secret", "key"), "hidden");
        Folders = new(Path.Combine(Root, "unit"));
        Directory.CreateDirectory(Folders.Root);
        var view = new BaseView(Base, new HashSet<string> { "bin" }, Folders.Whiteouts);
        view.Prepare();
        _runtime = new("crun", Folders.Runtime, new Cgroups());
        Board = new(NodeReader.Read("unit-1", Root, Base, "crun"));
        Instances = new(new(Folders, new OverlayMounter(view), _runtime, Board, new EventLog(TextWriter.Null, TimeProvider.System), TimeProvider.System));
        SystemCalls.BecomeSubreaper();
    }

    internal string Root { get; }

    internal string Base { get; }

    internal AgentFolders Folders { get; }

    internal StatusBoard Board { get; }

    internal Instances Instances { get; }

    internal string Layer(string name, string file, string content)
    {
        var folder = Path.Combine(Root, name);
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return folder;
    }

    internal static ServiceInstance Shell(string item, string script) => new(
        new(item, "subject-1", 0), "1.0.0+00000000", [], new(["/bin/sh", "-c", script], ["GREETING=hello"], "/"));

    internal Task StartAsync(ServiceInstance instance, params string[] layers) => Instances.StartAsync([instance], _ => layers);

    internal string LogOf(ServiceInstance instance) => File.ReadAllText(Folders.Log(instance.Id));

    internal IReadOnlyList<string> ContainersLeft() => _runtime.Left(Folders.ContainerPrefix);

    internal string? StateOf(ServiceInstance instance) => Board.Full().Instances!
        .SingleOrDefault(i => i.Item.Id == instance.Id.ItemId)?.Instances[0].State;

    internal static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var i = 0; i < 500; i++)
        {
            if (holds()) return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail("It did not come to hold within 10 s.");
    }

    public async ValueTask DisposeAsync()
    {
        await Instances.StopAsync(Instances.Actual);
        foreach (var mount in MountTable.Beneath(Root)) SystemCalls.Unmount(mount);
        Directory.Delete(Root, recursive: true);
        new Cgroups().RemoveParents();
    }
}
