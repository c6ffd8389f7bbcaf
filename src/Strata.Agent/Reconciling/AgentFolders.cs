using System.Security.Cryptography;
using System.Text;
using Strata.Model.Units;

namespace Strata.Agent.Reconciling;

/// <summary>Where things of one agent stand: everything beneath its root.</summary>
/// <param name="root">Absolute.</param>
internal sealed class AgentFolders(string root)
{
    /// <summary>The root itself.</summary>
    public string Root { get; } = root;

    /// <summary>Slots of running instances; nothing here outlives the agent.</summary>
    public string Run { get; } = Path.Combine(root, "run");

    /// <summary>What services print, one file an instance.</summary>
    public string Logs { get; } = Path.Combine(root, "logs");

    /// <summary>State of the OCI runtime.</summary>
    public string Runtime { get; } = Path.Combine(root, "crun");

    /// <summary>Downloads that are not whole yet; an interrupted one goes on where it stopped.</summary>
    public string Downloads { get; } = Path.Combine(root, "downloads");

    /// <summary>Whiteouts that hide parts of the base.</summary>
    public string Whiteouts { get; } = Path.Combine(root, "hidden");

    /// <summary>The desired state as last received.</summary>
    public string Desired { get; } = Path.Combine(root, "desired.json");

    /// <summary>The items that are wholly here.</summary>
    public string Installed { get; } = Path.Combine(root, "installed.json");

    /// <summary>What runs and where it can be seen: for people and scripts, never read by the agent.</summary>
    public string Running { get; } = Path.Combine(root, "running.json");

    /// <summary>Beginning of this agent's container names: containers of another root are none of its business.</summary>
    public string ContainerPrefix { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 4)) + "-";

    /// <summary>Folder of a slot; short, as it goes into mount options.</summary>
    public string Slot(int number) => Path.Combine(Run, $"{number}");

    /// <summary>Log of an instance.</summary>
    public string Log(InstanceId id) => Path.Combine(Logs, $"{NameOf(id)}.log");

    /// <summary>An instance's name for files and hosts: item, first characters of the subject, index.</summary>
    public static string NameOf(InstanceId id)
    {
        const int SubjectLength = 8;
        return $"{Plain(id.ItemId)}-{Plain(id.SubjectId[..Math.Min(id.SubjectId.Length, SubjectLength)])}-{id.Index}";
    }

    private static string Plain(string text) => new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_')]);
}
