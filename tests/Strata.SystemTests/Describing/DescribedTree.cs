using System.Text.Json;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Describing;

/// <summary>A parent and a child tree with a bit of everything that a description speaks of.</summary>
internal sealed class DescribedTree : IDisposable
{
    private readonly TestFolder _folder = new();

    public DescribedTree()
    {
        Directory.CreateDirectory(this["parent/usr/lib"]);
        Directory.CreateDirectory(this["out"]);
        Write("parent/usr/lib/libc.so.6", "a name is enough");
        Write("child/usr/lib/libc.so.6", "a name is enough");
    }

    public string this[string name] => _folder[name];

    public string Archive => this["out/linux-amd64-1.0.0.tar.gz"];

    public void Dispose() => _folder.Dispose();

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[to])!);
        File.Copy(from, this[to]);
    }

    /// <summary>A package of this machine with its shared object, and modules of Python and Node that belong to a package and to none.</summary>
    public void FillWithLibraries()
    {
        var real = Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libz.so.1.*").First(f => !f.EndsWith("libz.so.1", StringComparison.Ordinal));
        Copy(real, $"child/usr/lib/x86_64-linux-gnu/{Path.GetFileName(real)}");
        File.CreateSymbolicLink(this["child/usr/lib/x86_64-linux-gnu/libz.so.1"], Path.GetFileName(real));
        Copy("/usr/share/doc/zlib1g/copyright", "child/usr/share/doc/zlib1g/copyright");
        Write("child/var/lib/dpkg/status.d/zlib1g", "Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13.dfsg-1\nArchitecture: amd64\n");
        Write("child/var/lib/dpkg/info/zlib1g:amd64.list", $"/.\n/lib\n/lib/x86_64-linux-gnu/{Path.GetFileName(real)}\n/lib/x86_64-linux-gnu/libz.so.1\n/usr/share/doc/zlib1g/copyright\n");
        Write("child/var/lib/dpkg/status.d/python3-six", "Package: python3-six\nStatus: install ok installed\nVersion: 1.16.0+ds-4\nArchitecture: all\n");
        Write("child/var/lib/dpkg/info/python3-six.list", "/usr/lib/python3/dist-packages/six.py\n/usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA\n");
        Write("child/usr/share/doc/python3-six/copyright", "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: Expat\n\nFiles: x\nLicense: GPL-2+ and My own terms\n");
        Write("child/usr/lib/python3/dist-packages/six.py", "code");
        Write("child/usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\nLicense: MIT\n");
        Write("child/opt/app/site-packages/typing_extensions-4.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: typing_extensions\nVersion: 4.0\nClassifier: License :: OSI Approved :: Python Software Foundation License\n");
        Write("child/opt/app/site-packages/typing_extensions-4.0.dist-info/RECORD", "typing_extensions.py,sha256=x,1\ntyping_extensions-4.0.dist-info/METADATA,,\n../../bin/tool,,\n");
        Write("child/opt/app/site-packages/typing_extensions.py", "code");
        Write("child/opt/node_modules/@scope/left-pad/package.json", "{\"name\":\"@scope/left-pad\",\"version\":\"1.0.0\",\"license\":\"(MIT OR Apache-2.0)\"}");
        Write("child/opt/node_modules/@scope/left-pad/index.js", "code");
        Write("child/var/lib/opkg/info/busybox.control", "Package: busybox\nVersion: 1.36.1-r0\nArchitecture: core2-64\nLicense: GPL-2.0-only & bzip2-1.0.4\nSource: busybox_1.36.1.bb\n");
        Write("child/var/lib/opkg/info/busybox.list", "/bin/busybox.nosuid\t0100755\n");
        Write("child/bin/busybox.nosuid", "code");
        Write("child/usr/share/ümlaut \"und\" so.txt", "text");
    }

    /// <summary>Packs and describes; the document that <c>layer diff --json</c> writes.</summary>
    public async Task<JsonDocument> DescribeAsync(params string[] more)
    {
        Write("values.json", """
            {"name":"aos-try-layer","version":"1.0.0","summary":"Try \"it\"","license":"MIT","features":["python3-six","zlib1g"],
             "platform":{"architecture":"amd64","os":"linux","os.version":"12"}}
            """);
        return JsonDocument.Parse(await Tool.OutputAsync(Tool.Strata, [.. Arguments, "--json", .. more]));
    }

    public string[] Arguments => ["layer", "diff", this["parent"], this["child"], Archive, "--describe", this["values.json"], "--latest-time", "1700000000"];
}
