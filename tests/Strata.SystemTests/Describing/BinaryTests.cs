using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Artifacts.Inspection;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Describing;

/// <summary>ELF files and rpm databases, compared with what binutils and rpm say of them.</summary>
public sealed partial class BinaryTests
{
    private const string Libraries = "/usr/lib/x86_64-linux-gnu";

    [Theory]
    [InlineData("libc.so.6")]
    [InlineData("libstdc++.so.6")]
    [InlineData("libz.so.1")]
    [InlineData("libcrypto.so.3")]
    [InlineData("/usr/bin/python3.11")]
    [InlineData("/usr/bin/ls")]
    public async Task Everything_that_binutils_says_of_a_file_is_what_we_say(string name)
    {
        var path = Path.Combine(Libraries, name);
        if (!File.Exists(path)) path = (await Tool.OutputAsync("sh", "-c", $"command -v {Path.GetFileName(name)} || command -v python3")).Trim();
        await using var file = File.OpenRead(path);
        var elf = ElfFile.Read(file, symbols: true)!;

        var dynamic = await Tool.OutputAsync("readelf", "-dnlW", path);
        Assert.Equal(Needed().Matches(dynamic).Select(m => m.Groups[1].Value), elf.Needed);
        Assert.Equal(Soname().Match(dynamic) is { Success: true } soname ? soname.Groups[1].Value : null, elf.Soname);
        Assert.Equal(BuildId().Match(dynamic) is { Success: true } id ? id.Groups[1].Value : null, elf.BuildId);
        Assert.Equal(Interpreter().Match(dynamic) is { Success: true } loader ? loader.Groups[1].Value : null, elf.Interpreter);
        var listed = (await Tool.OutputAsync("readelf", "--dyn-syms", "-W", path)).Split('\n').Select(Listed).OfType<string>().Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(listed);
        Assert.Equal(listed, elf.Symbols.Select(s => $"{s} {s.Binding} {(s.IsDefined ? "given" : "taken")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_rpm_database_that_rpm_made_is_read_as_rpm_reads_it()
    {
        using var tree = new DescribedTree();
        tree.Write("many.spec", """
            Name: many
            Version: 1.2
            Release: 3
            Epoch: 4
            Summary: many
            License: MIT and (GPLv2+ or BSD)
            Vendor: Try Project
            BuildArch: noarch
            %description
            many
            %{lua: for i = 1, 60 do print("%package p" .. i .. "\nSummary: p\nLicense: ISC\n%description p" .. i .. "\np\n%files p" .. i .. "\n/usr/share/p" .. i .. "/*\n") end}
            %install
            for i in $(seq 60); do mkdir -p %{buildroot}/usr/share/p$i; echo $i > "%{buildroot}/usr/share/p$i/file $i"; done
            for i in $(seq 3000); do : > %{buildroot}/usr/share/p1/a-rather-long-file-name-to-fill-pages-$i; done
            mkdir -p %{buildroot}/usr/share/many; echo x > %{buildroot}/usr/share/many/x
            %files
            /usr/share/many
            """);
        await Tool.OutputAsync("rpmbuild", "-bb", "--define", $"_topdir {tree["rpm"]}", "--define", "_build_id_links none", "--quiet", tree["many.spec"]);
        var root = tree["root"];
        Directory.CreateDirectory(root);
        await Tool.OutputAsync("sh", "-c", $"rpm --root {root} --dbpath /var/lib/rpm --define '_db_backend sqlite' --initdb && rpm --root {root} --dbpath /var/lib/rpm --define '_db_backend sqlite' -i --nodeps --noscripts --nosignature {tree["rpm/RPMS/noarch"]}/*.rpm");
        string[] query = ["--root", root, "--dbpath", "/var/lib/rpm", "--define", "_db_backend sqlite", "-qa", "--qf"];

        await using var file = File.OpenRead(Path.Combine(root, "var/lib/rpm/rpmdb.sqlite"));
        var packages = RpmDatabase.Read(file);

        var said = (await Tool.OutputAsync("rpm", [.. query, "%{NAME} %{VERSION}-%{RELEASE} %{EPOCH} %{ARCH} %{LICENSE} %{VENDOR}\\n"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(61, packages.Count);
        Assert.Equal(said.Order(StringComparer.Ordinal), packages.Select(p => $"{p.Name} {p.Version} {p.Epoch} {p.Architecture} {p.License} {p.Vendor}").Order(StringComparer.Ordinal));
        var owned = (await Tool.OutputAsync("rpm", [.. query, "[%{FILENAMES} %{FILEMODES}\\n]"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => (Path: l[..l.LastIndexOf(' ')], Mode: int.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) & 0xF000)).Where(f => f.Mode != 0x4000).Select(f => f.Path[1..]);
        Assert.Equal(owned.Order(StringComparer.Ordinal), packages.SelectMany(p => p.Files).Order(StringComparer.Ordinal));
        Assert.Equal("pkg:rpm/try/many@1.2-3?arch=noarch&epoch=4", packages[0].Purl);
        var again = Assert.Single(InstalledPackage.Read(packages[1].ToParagraph(), "rpm"));
        Assert.Equal(packages[1] with { Source = again.Source, Files = [.. packages[1].Files.Order(StringComparer.Ordinal)] }, again);
    }

    // "   42: 00000000000fd5a0   157 FUNC    GLOBAL DEFAULT   16 read@@GLIBC_2.2.5", and behind a name that is taken the number of its version in brackets.
    private static string? Listed(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length < 8 || columns[4] is not ("GLOBAL" or "WEAK" or "UNIQUE")) return null;
        var (isGiven, name) = (columns[6] != "UND", columns[7]);
        if (isGiven && columns[5] is "HIDDEN" or "INTERNAL") return null;
        if (columns[6] == "ABS" && !name.Contains('@', StringComparison.Ordinal)) return null; // the mark of a version
        var binding = columns[4] switch { "WEAK" => ElfBinding.Weak, "UNIQUE" => ElfBinding.Unique, _ => ElfBinding.Global };
        return $"{name} {binding} {(isGiven ? "given" : "taken")}";
    }

    [GeneratedRegex(@"\(NEEDED\)\s+Shared library: \[(.*?)\]")]
    private static partial Regex Needed();

    [GeneratedRegex(@"\(SONAME\)\s+Library soname: \[(.*?)\]")]
    private static partial Regex Soname();

    [GeneratedRegex(@"Build ID: ([0-9a-f]+)")]
    private static partial Regex BuildId();

    [GeneratedRegex(@"Requesting program interpreter: (.*?)\]")]
    private static partial Regex Interpreter();
}
