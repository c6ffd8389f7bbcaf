namespace Strata.Cli.Commands.Demo;

/// <summary>Where the demo keeps what it makes: one folder, emptied at the start of a run but for the target.</summary>
/// <param name="Root">Absolute.</param>
internal sealed record DemoFolder(string Root)
{
    /// <summary>Certificates.</summary>
    public string Pki => Path.Combine(Root, "pki");

    /// <summary>The OEM's target description.</summary>
    public string Target => Path.Combine(Root, "target");

    /// <summary>Where layers are built to.</summary>
    public string Deploy => Path.Combine(Root, "deploy");

    /// <summary>The service provider's bundle.</summary>
    public string Services => Path.Combine(Root, "services");

    /// <summary>The hub's data.</summary>
    public string Hub => Path.Combine(Root, "hub");

    /// <summary>The unit's store, mounts and logs.</summary>
    public string Unit => Path.Combine(Root, "unit");

    /// <summary>What hub and unit wrote to their error streams.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Held while a demo runs in this folder.</summary>
    public string Lock => Path.Combine(Root, ".lock");

    /// <summary>Pids of the hub and unit that a run started, so that the next one can end what was left.</summary>
    public string Processes => Path.Combine(Root, "processes.json");
}
