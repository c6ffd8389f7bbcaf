using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Strata.Artifacts.Protocol;
using Strata.Model.Identity;

namespace Strata.Agent.Reporting;

/// <summary>Reads what this machine is, for the hub: its one node.</summary>
internal static class NodeReader
{
    private const int MostInstances = 256;

    /// <summary>What the services of this unit run on. The version of the operating system is the base's, since services see the base.</summary>
    public static Platform ReadPlatform() => new(RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture.Arm => "arm",
        var other => other.ToString().ToLowerInvariant(),
    });

    /// <summary>The node as it is reported.</summary>
    /// <param name="systemId">The unit's.</param>
    /// <param name="runtime">Name of the OCI runtime.</param>
    public static NodeStatus Read(string systemId, string root, string baseRootfs, string runtime)
    {
        var arch = new ArchInfo(ReadPlatform().Architecture);
        var os = new OsInfo("linux", ReadField(Path.Combine(baseRootfs, "usr/lib/os-release"), "VERSION_ID=")?.Trim('"'));
        return new(
            new(Codename: Cut($"{systemId}-main"), Title: "main"),
            new(Codename: "strata-main"),
            MaxDmips: 10_000,
            MemoryBytes(),
            os,
            "provisioned",
            IsConnected: true,
            [new(Cut(ReadField("/proc/cpuinfo", "model name")?.TrimStart('\t', ' ', ':') ?? "unknown"), Environment.ProcessorCount, Environment.ProcessorCount, arch)],
            new() { ["MainNode"] = "", ["StrataAgent"] = AgentVersion },
            [new("strata", ["services"], new DriveInfo(root).TotalSize, root)],
            [new(new(Codename: Cut(runtime)), "crun", arch, os, MostInstances)]);
    }

    private static string AgentVersion =>
        typeof(NodeReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static long MemoryBytes()
    {
        var field = ReadField("/proc/meminfo", "MemTotal:")?.Trim().Split(' ')[0];
        return long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes * 1024 : 0;
    }

    private static string? ReadField(string file, string field) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))?[field.Length..]
        : null;

    private static string Cut(string text)
    {
        const int Longest = 64;
        return text.Length <= Longest ? text : text[..Longest];
    }
}
