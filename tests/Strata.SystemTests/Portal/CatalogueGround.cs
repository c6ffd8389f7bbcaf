using System.Text;
using Strata.Artifacts.Signing;
using Strata.SystemTests.Hub;
using Strata.SystemTests.Running;
using Strata.SystemTests.Targets;

namespace Strata.SystemTests.Portal;

/// <summary>A hub with layers worth looking at: libraries with licences, symbols, versions that differ, a service that uses one.</summary>
public sealed class CatalogueGround : IAsyncLifetime
{
    private readonly HashSet<string> _signedIn = new(StringComparer.Ordinal);
    private bool _isSignedIn;

    internal HubRig Rig { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Rig = await HubRig.StartAsync();
        var zlib = await File.ReadAllBytesAsync("/usr/lib/x86_64-linux-gnu/libz.so.1");
        await PublishAsync("pylibs", "1.0.0", ("six", "1.16.0"));
        await PublishAsync("pylibs", "1.1.0", ("six", "1.16.0"), ("requests", "2.28.1"));
        await PublishAsync("pylibs", "2.0.0", ("requests", "2.31.0"));
        Assert.Equal(0, (await Rig.GoAsync(await Rig.LayerFolderAsync("zlib", "1.2.13", new Dictionary<string, byte[]> { ["usr/lib/libz.so.1"] = zlib }))).Code);
        Assert.Equal(0, (await Rig.PublishServiceAsync("telematics", "3.0.0", "{uid: pylibs, minVersion: 1.0.0, maxVersion: 2.0.0}")).Code);
        using var @base = new SmallBase();
        await Tool.OutputAsync(Tool.Strata, "target", "publish", @base.Target("root"), "--cache", @base.Cache, "--hub", Rig.Api, "--key", Rig.Pki.PathOf(PkiFiles.OemUser), "--ca", Rig.Pki.PathOf("fleet-root.crt"));
        using var certificate = await Rig.UnitAsync("unit-1");
        await Rig.AssignAsync("telematics", "unit-1");
        await using var unit = await StrictUnit.ConnectAsync(Rig, certificate, "unit-1");
        await unit.ReceiveAckAsync(await unit.SendStatusAsync());
        await unit.ReceiveAsync("desiredStatus"); // from here on it is planned
    }

    /// <summary>A visitor who opened the hub's link; it works once, and its browser stays signed in.</summary>
    public async Task<Visitor> ConsoleAsync(Browser browser)
    {
        var visitor = browser.Visitor("console");
        if (!_isSignedIn)
        {
            await visitor.OpenAsync(Rig.Address("signIn"));
            await visitor.WaitForAsync("heading", "Layers"); // the page that says "signed in" leads there by itself
            _isSignedIn = true;
        }
        await visitor.OpenAsync(Rig.Address("portal") + "layers");
        return visitor;
    }

    /// <summary>A visitor who signed in with a user's certificate, and stays signed in.</summary>
    /// <param name="name">Names the browser's profile.</param>
    public async Task<Visitor> VisitorAsync(Browser browser, string name, string certificate)
    {
        var visitor = browser.Visitor(name);
        if (_signedIn.Add(name))
        {
            await visitor.HoldAsync(Rig.Pki.PathOf(certificate), new(Rig.Address("portalCertificate")));
            await visitor.OpenAsync(Rig.Address("portal") + "sign-in/certificate");
            await visitor.WaitForAsync("link", "Audit"); // the page that says "signed in" leads on by itself
        }
        return visitor;
    }

    public async ValueTask DisposeAsync() => await Rig.DisposeAsync();

    private async Task PublishAsync(string codename, string version, params (string Name, string Version)[] modules)
    {
        var files = new Dictionary<string, byte[]>();
        foreach (var module in modules)
        {
            var folder = $"usr/lib/python3/dist-packages/{module.Name}";
            files[$"{folder}.py"] = Encoding.UTF8.GetBytes($"__version__ = '{module.Version}'\n");
            files[$"{folder}-{module.Version}.dist-info/METADATA"] = Encoding.UTF8.GetBytes($"Metadata-Version: 2.1\nName: {module.Name}\nVersion: {module.Version}\nLicense: MIT\n");
            files[$"{folder}-{module.Version}.dist-info/RECORD"] = Encoding.UTF8.GetBytes($"{module.Name}.py,,\n{module.Name}-{module.Version}.dist-info/METADATA,,\n");
        }
        var (code, _, error) = await Rig.GoAsync(await Rig.LayerFolderAsync(codename, version, files));
        Assert.True(code == 0, error);
    }
}
