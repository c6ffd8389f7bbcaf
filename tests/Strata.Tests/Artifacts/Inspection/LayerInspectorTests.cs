using System.Buffers.Binary;
using System.Text;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;
using Xunit;

namespace Strata.Tests.Artifacts.Inspection;

public sealed class LayerInspectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_packages_that_the_layer_brings_are_listed_although_the_status_file_names_the_bases()
    {
        var inspected = await InspectAsync(
            ("usr/lib/python3/dist-packages/six.py", "code"),
            ("usr/share/doc/python3-six/copyright", "Format: https://example/1.0/\n\nFiles: debian/*\nLicense: GPL-2\n\nFiles: *\nLicense: Expat\n text\n"),
            ("var/lib/dpkg/info/python3-six.list", "/.\n/usr\n/usr/lib/python3/dist-packages/six.py\n/lib/gone\n"),
            ("var/lib/dpkg/status", "Package: base-files\nStatus: install ok installed\nVersion: 12.4\nArchitecture: amd64\n\nPackage: python3-six\nStatus: install ok installed\nVersion: 1:1.16.0+x-4\nArchitecture: all\nDescription: a\n b\n"));
        var library = Assert.Single(inspected.Content.Libraries);
        Assert.Equal(("python3-six", "1:1.16.0+x-4", "deb", "Expat", 1), (library.Name, library.Version, library.Type, library.License, library.Files));
        Assert.Equal("pkg:deb/debian/python3-six@1:1.16.0%2Bx-4?arch=all", library.Purl);
    }

    [Fact]
    public async Task A_package_database_split_into_files_is_read_too()
    {
        var inspected = await InspectAsync(("var/lib/dpkg/status.d/libx", "Package: libx\nVersion: 2\nArchitecture: amd64\n"));
        Assert.Equal("libx", Assert.Single(inspected.Content.Libraries).Name);
    }

    [Fact]
    public async Task Python_modules_are_found_by_their_metadata()
    {
        var inspected = await InspectAsync(
            ("usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0\nLicense: MIT\n\nVersion: not this\n"),
            ("opt/x/site-packages/typing_extensions-4.dist-info/METADATA", "Name: typing_extensions\nVersion: 4\nLicense: UNKNOWN\n"),
            ("usr/lib/python3/dist-packages/six-1.egg-info", "Name: six\nVersion: 1\n"));
        Assert.Equal(["PyYAML 6.0 MIT", "six 1 ", "typing_extensions 4 "], inspected.Content.Libraries.Select(l => $"{l.Name} {l.Version} {l.License}"));
        Assert.Equal("pkg:pypi/typing-extensions@4", inspected.Content.Libraries[2].Purl);
    }

    [Fact]
    public async Task A_real_shared_object_gives_machine_and_soname_and_belongs_to_its_package()
    {
        var real = File.ReadAllBytes(Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libz.so.1.*").First());
        var inspected = await InspectAsync(
            ("usr/lib/x86_64-linux-gnu/libz.so.1.2", real),
            ("usr/lib/libz-copy.so", real),
            ("var/lib/dpkg/info/zlib1g:amd64.list", Bytes("/lib/x86_64-linux-gnu/libz.so.1.2\n")),
            ("var/lib/dpkg/status", Bytes("Package: zlib1g\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n")));
        Assert.Equal(["amd64"], inspected.Content.Architectures);
        Assert.Equal(["deb zlib1g libz.so.1", "elf libz.so.1 libz.so.1"], inspected.Content.Libraries.Select(l => $"{l.Type} {l.Name} {string.Join(',', l.Sonames)}"));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(4096)]
    public void A_shared_object_that_is_cut_off_harms_nobody(int length)
    {
        var real = File.ReadAllBytes(Directory.EnumerateFiles("/lib/x86_64-linux-gnu", "libz.so.1.*").First());
        Assert.Null(ElfFile.Read(new MemoryStream(real, 0, length), symbols: true)?.Soname);
    }

    [Fact]
    public void A_shared_object_whose_headers_all_point_to_one_list_costs_no_more_than_one()
    {
        const int Needed = 4096;
        var file = new byte[120 + (Needed * 16)];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(32), 64); // its table of headers
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), ushort.MaxValue); // as many, of size 0
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(64), 2);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(72), 120);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(96), Needed * 16);
        for (var i = 0; i < Needed; i++) file[120 + (i * 16)] = 1;
        var before = GC.GetAllocatedBytesForCurrentThread();
        ElfFile.Read(new MemoryStream(file), symbols: true);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("usr/a", "usr/a", "stands twice")]
    [InlineData("usr", "usr/a", "lies below 'usr'")]
    [InlineData("usr/a", "usr", "stands twice")]
    [InlineData("usr/a", "usr/b -> etc/passwd", "is a hard link to 'etc/passwd', which does not stand before it")]
    [InlineData("usr/a", "usr/.wh.", "is a whiteout that names nothing")]
    public async Task What_no_unit_could_unpack_is_refused(string first, string second, string why)
    {
        using var file = new MemoryStream();
        await using (var tar = new System.Formats.Tar.TarWriter(file, leaveOpen: true))
        {
            foreach (var name in new[] { first, second })
                await tar.WriteEntryAsync(name.Split(" -> ") is [var link, var target]
                    ? new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.HardLink, link) { LinkName = target }
                    : new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) }, Cancellation);
        }
        file.Position = 0;
        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(() => LayerInspector.InspectFileAsync(file, null, Cancellation));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whiteout_and_what_replaces_it_stand_side_by_side()
    {
        var inspected = await InspectAsync(("usr/.wh.a", ""), ("usr/a/new", "x"), ("usr/.wh..wh..opq", ""));
        Assert.Equal(3, inspected.Content.Entries);
    }

    [Fact]
    public async Task Names_and_lists_beyond_any_real_layer_are_refused_before_they_fill_the_memory()
    {
        var list = new byte[14 << 20];
        var refused = await Assert.ThrowsAsync<ArchiveRefusedException>(
            () => InspectAsync([.. Enumerable.Range(0, 5).Select(i => ($"var/lib/dpkg/info/p{i}.list", list))]));
        Assert.Equal(ArchiveFault.TooLarge, refused.Fault);
    }

    private static Task<InspectedLayer> InspectAsync(params (string Name, string Content)[] files) => InspectAsync([.. files.Select(f => (f.Name, Bytes(f.Content)))]);

    private static async Task<InspectedLayer> InspectAsync(params (string Name, byte[] Content)[] files)
    {
        var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var (name, content) in files)
            await writer.WriteAsync(new TarEntry { Name = name, Kind = TarEntryKind.File, Mode = 0x1A4, Size = content.Length }, new MemoryStream(content), Cancellation);
        var archive = await writer.FinishAsync(Cancellation);
        var inspected = await LayerInspector.InspectFileAsync(new MemoryStream(file.ToArray()), null, Cancellation);
        Assert.Equal((archive.Digest, archive.DiffId, archive.Size, archive.Entries), (inspected.Digest, inspected.DiffId, inspected.Size, inspected.Content.Entries));
        return inspected;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
