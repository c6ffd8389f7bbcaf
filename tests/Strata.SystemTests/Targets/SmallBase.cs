using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Store.Files;
using Strata.Tests.Store;

namespace Strata.SystemTests.Targets;

/// <summary>A root file system of a few files that has something of everything, and a cache of its own.</summary>
internal sealed class SmallBase : IDisposable
{
    public SmallBase()
    {
        foreach (var name in new[] { "bin", "etc", "usr/bin", "usr/lib/empty", "usr/share", "var/lib/dpkg", "dev", "run", "tmp" }) Directory.CreateDirectory(this["root/" + name]);
        File.Copy("/bin/busybox", this["root/bin/busybox"]);
        File.CreateSymbolicLink(this["root/bin/sh"], "busybox");
        File.WriteAllText(this["root/etc/os-release"], "NAME=Small\nID=small\nVERSION_ID=\"7.1\"\n");
        File.WriteAllText(this["root/usr/share/shared"], "two names");
        File.WriteAllText(this["root/var/lib/dpkg/status"], "Package: six\nStatus: install ok installed\nVersion: 1.16\nArchitecture: all\n\n");
        File.CreateSymbolicLink(this["root/usr/lib/absolute"], "/usr/share/shared");
        File.CreateSymbolicLink(this["root/usr/lib/long"], new string('x', 200));
        File.WriteAllBytes(this["root/usr/share/large"], new byte[300_000]);
        using var share = DirectoryHandle.Open(this["root/usr/share"]);
        share.CreateHardLink("linked", share, "shared");
        share.CreateFifo("pipe");
        share.CreateDevice("disk", block: true, 259, 7);
        share.CreateFile("n\udcffme").Dispose(); // a name that is no UTF-8
        using var programs = DirectoryHandle.Open(this["root/usr/bin"]);
        programs.CreateFile("owned").Dispose();
        programs.SetOwner("owned", 70_000, 200_000);
        programs.SetMode("owned", 0xDED); // setuid, setgid
        programs.SetAttribute("owned", "user.note", "kept"u8);
        programs.SetAttribute("owned", "security.capability", Convert.FromHexString("0100000200040000000000000000000000000000"));
        using var root = DirectoryHandle.Open(this["root"]);
        root.SetMode("tmp", 0x3FF);
    }

    public TestFolder Folder { get; } = new();

    public string Cache => this["cache"];

    public string this[string name] => Folder[name];

    public void Dispose() => Folder.Dispose();

    /// <summary>Writes a target for a base and gives back its file.</summary>
    public string Target(string rootFs, string more = "", string name = "small")
    {
        var file = this[$"{Path.GetFileName(rootFs)}.{Guid.NewGuid():N}.yaml"];
        File.WriteAllText(file, $"schemaVersion: 1\nname: {name}\nrootfs: {rootFs}\narchitecture: amd64\nvisible: [bin, usr]\n{more}");
        return file;
    }

    /// <summary>The identity that the command line gives the base.</summary>
    public async Task<string> IdentityAsync(string rootFs, string more = "")
    {
        using var shown = JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, "target", "show", Target(rootFs, more), "--json", "--cache", Cache));
        return shown.RootElement.GetProperty("identity").GetString()!;
    }
}
