using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Layers;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Hub.Access;
using Strata.Hub.Publishing;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Resolving;
using Strata.Model.Units;
using Strata.Tests.Artifacts.Signing;

namespace Strata.Tests.Hub.Portal;

/// <summary>A hub where there is much more of everything than a page holds, under names as long as the hub takes them.</summary>
internal static class MuchOfEverything
{
    public const int Layers = 10_000, Versions = 500, Libraries = 200, Files = 5_000, Symbols = 1_000, Users = 500, Units = 500, Services = 300, Targets = 200, Bundles = 200, LogLines = 5_000;
    public const string Provider = "sp.localhost", Fleet = "fleet.localhost", Plain = "plain.localhost";
    private const int Several = 200, LayersOfOne = 16, ItemsOfOne = 64, IndexedChanges = 3, Owners = 60, LongestCodename = 64, LongestText = 4096, LongestSymbol = 1 << 16;

    // Eight bytes of HTML for each character.
    private static readonly string Sentence = new('漢', 1000);
    private static readonly string Domain = string.Join('.', Enumerable.Repeat(new string('d', 49), 5));
    private static readonly SemanticVersion First = SemanticVersion.Parse("1.0.0");

    public static Guid Layer { get; } = Numbered(2, 0);

    public static Guid Service { get; } = Numbered(3, 0);

    public static Guid Subject { get; } = Numbered(4, 0);

    public static Guid Target { get; } = Numbered(5, 0);

    public static Guid Bundle { get; } = Numbered(1, 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PortalGround> MakeAsync()
    {
        var ground = new PortalGround();
        var layer = await LayerAsync(ground);
        await ground.CommitAsync([.. People(), .. layer.Take(IndexedChanges)]);
        await ground.IndexAsync();
        await ground.CommitAsync([.. layer.Skip(IndexedChanges), .. Catalogue(), .. Fleets(), .. await BundlesAsync(ground)]);
        await ground.CommitAsync(Assignments());
        return ground;
    }

    // One layer with all that can be looked into: two real versions, and many more.
    private static async Task<List<Change>> LayerAsync(PortalGround ground)
    {
        var changes = new List<Change> { new BundleReceived(Numbered(9, 0), Sample.Digest("first"), 7, "kid 0", Sample.Oem, Sample.At) };
        var (descriptions, documents) = (new List<Digest>(), await DocumentsAsync(ground));
        foreach (var image in Images("layer", First))
            descriptions.Add(await ground.PutAsync(LayerDescriptionJson.Write(new()
            {
                Name = Text(256), Codename = Named("library", 0), Version = First, Platform = image.Platform, Summary = Text(LongestText), License = Text(LongestText), Documents = documents,
                Parent = new(Text(256), First, Sample.Content("unknown")), Base = new(Text(256), Sample.Digest("base")),
                Libraries = Enumerable.Range(0, Libraries).Select(i => new Library(Text(200) + i, Text(60), "deb") { License = Text(256), Purl = Text(256), Package = Text(100), Files = 5, Sonames = Enumerable.Range(0, 30).Select(s => Text(100) + s).ToEquatableList() }).ToEquatableList(),
                Features = Enumerable.Range(0, 5_000).Select(f => Text(100) + f).ToEquatableList(),
                Archive = new(MediaTypes.LayerGzip, image.Digest, image.DiffId, image.Size, image.UnpackedSize) { Entries = Files },
            })));
        for (var minor = 0; minor < Versions; minor++)
        {
            var version = SemanticVersion.Parse($"1.{minor}.0");
            LayerImage[] images = minor < 2 ? [await ArchiveAsync(ground, minor * Files), .. Images("layer", version)[1..]] : Images("layer", version);
            changes.Add(new LayerPublished(Layer, Sample.Oem, Named("library", 0), version, minor == Versions - 1 ? Text(LongestText) : null, [Text(256)], [.. images], [.. descriptions]));
        }
        changes.Add(new BundleDone(Numbered(9, 0), [new(Layer, "layer", Named("library", 0), "1.0.0")], [], Sample.At, SignedBy: "kid 0"));
        changes.Add(new LayerNamed(Sample.Oem, Named("library", 0), Enumerable.Range(0, 40).Select(i => Text(110) + i).ToEquatableList()));
        changes.Add(new LayerVersionMoved(Sample.Oem, Named("library", 0), First, new(ReleaseState.Yanked) { Reason = Text(Lifecycle.MaxReason) }));
        return changes;
    }

    private static async Task<LayerImage> ArchiveAsync(PortalGround ground, int files)
    {
        using var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var name in Enumerable.Range(0, files).Select(i => $"{new string('é', 100)}{i:0000}").Prepend("!"))
            await writer.WriteAsync(new TarEntry { Name = name, Kind = TarEntryKind.File, Mode = 0x1A4, Size = 1 }, new MemoryStream([1]), Cancellation);
        var archive = await writer.FinishAsync(Cancellation);
        return new(Sample.Amd64, await ground.PutAsync(file.ToArray()), archive.DiffId, archive.Size, archive.UnpackedSize) { Base = new("board", Sample.Digest("base")) };
    }

    private static async Task<EquatableList<SideDocument>> DocumentsAsync(PortalGround ground)
    {
        using var files = new MemoryStream();
        FileIndex.Write(files, Enumerable.Range(0, Files).Select(i => new FoundEntry(
            new TarEntry { Name = $"{string.Join('/', Enumerable.Repeat(new string('漢', 80), i % 100 == 0 ? 16 : 2))}/{i}", Kind = TarEntryKind.SymbolicLink, Mode = 0x1A4, LinkTarget = Text(300) }, null, Text(100))));
        using var elf = new MemoryStream();
        ElfIndex.Write(elf, [new FoundBinary(Text(1000), null, new(62, 64, true)
        {
            Kind = ElfKind.Shared, Soname = Text(200), Symbols = Enumerable.Range(0, Symbols).Select(i => new ElfSymbol(new string('"', i < 20 ? LongestSymbol : 500) + i, null, ElfBinding.Global, true)).ToEquatableList(),
        })]);
        return
        [
            new(ElfIndex.FileName, await ground.PutAsync(elf.ToArray()), elf.Length),
            new(FileIndex.FileName, await ground.PutAsync(files.ToArray()), files.Length),
        ];
    }

    // Layers of many owners, some of them built on the one; services that need them; targets.
    private static IEnumerable<Change> Catalogue()
    {
        var parent = Images("layer", SemanticVersion.Parse($"1.{Versions - 1}.0"))[0];
        for (var i = 1; i < Layers; i++)
        {
            var (owner, name) = i < Layers - 1000 ? (Sample.Oem, Named("library", i)) : i < Layers - 60 ? ($"o{i % Owners}.{Domain}"[..200], Named("library", i)) : (Plain, $"lib{i}");
            var images = Images($"{name} {owner}", First);
            if (i <= 500) images[0] = images[0] with { Parent = new(Named("library", 0), SemanticVersion.Parse($"1.{Versions - 1}.0"), parent.DiffId) };
            yield return new LayerPublished(Numbered(2, i), owner, name, First, i % 50 == 0 ? Text(LongestText) : "An ordinary title", [], [.. images], [.. images.Select(m => Sample.Digest("not looked into"))]);
        }
        for (var i = 0; i < Services; i++)
            for (var minor = 0; minor < (i == 0 ? 40 : 1); minor++)
                yield return new ServicePublished(i == 0 ? Service : Numbered(3, i), Provider, Sample.Owner, Named("service", i), Text(i < 60 ? LongestText : 10), Text(i < 60 ? LongestText : 10), new(
                    Guid.NewGuid(), SemanticVersion.Parse($"1.{minor}.0"),
                    Enumerable.Range(i, LayersOfOne).Select(l => new LayerNeed(Named("library", l), VersionRange.FromComparators(">=1.0.0", false).Range!)).Append(new(Text(500), VersionRange.Any)).ToEquatableList(),
                    [.. new[] { "amd64", "arm64", "riscv64" }.Select(a => new ServiceImage(new(a), new(Sample.Digest($"own {i} {minor}"), Sample.Content($"own {i} {minor}"), 5, MediaTypes.LayerGzip), 6, new(["/opt/main"], [], "/")))], 2, 1) { PublishedAt = Sample.At });
        for (var i = 0; i < Targets; i++)
        {
            yield return new TargetPublished(new(i == 0 ? Target : Numbered(5, i), Sample.Oem, Named("board", i), Sample.Digest("base"), Sample.Amd64, Sample.Digest("target"), Sample.At)
            {
                SignedBy = "kid 0", Packages = 2_000, Visible = Enumerable.Range(0, i == 0 ? 500 : 0).Select(v => Text(100) + v).ToEquatableList(),
                Earlier = Enumerable.Range(0, i == 0 ? 500 : 0).Select(e => new TargetRevision(Sample.Digest($"base {e}"), Sample.Digest($"target {e}"), Sample.At)).ToEquatableList(),
            });
            yield return new TargetShared(Sample.Oem, Named("board", i), Enumerable.Range(0, i == 0 ? 1000 : 0).Select(p => $"p{p}.{Domain}"[..200]).Append(Provider).ToEquatableList());
        }
    }

    private static IEnumerable<Change> People()
    {
        using var credentials = Credentials.FromPkcs12(TestPki.Shared[PkiFiles.OemUser]);
        var certificate = Convert.ToBase64String(credentials.Certificate.RawData);
        for (var i = 0; i < Users; i++)
        {
            yield return new UserSeen(new($"kid {i}", Text(60) + i, i % 2 == 0 ? ClientRole.Oem : ClientRole.ServiceProvider, i % 2 == 0 ? Sample.Oem : $"p{i}.{Domain}"[..200], Sample.Owner, certificate, Sample.At));
            yield return new UserInvited(new(Numbered(8, i), $"hash {i}", Text(64), ClientRole.Oem, Sample.Oem, Text(64), Sample.At, Sample.At.AddHours(1)));
        }
        yield return new UsersRevoked(Enumerable.Range(0, Users / 2).Select(i => $"kid {i}").ToEquatableList(), Text(500), Text(64), Sample.At);
    }

    private static IEnumerable<Change> Fleets()
    {
        for (var i = 0; i < Units; i++)
        {
            yield return new UnitModelSaved(new(Numbered(6, i), Sample.Oem, Text(120) + i, "1.0.0", Named("board", 0)));
            yield return new UnitAdded(Numbered(7, i), Named("unit", i), Sample.Oem, Named("board", 0)) { Model = Numbered(6, i), FleetOwner = Fleet };
            if (i < Several) yield return new SubjectAdded(i == 0 ? Subject : Numbered(4, i), Sample.Oem, Text(128), IsGroup: true, Priority: 5);
        }
    }

    private static async Task<List<Change>> BundlesAsync(PortalGround ground)
    {
        var log = await ground.PutAsync(JsonSerializer.SerializeToUtf8Bytes([.. Enumerable.Repeat(new BuildLine(Sample.At, "verified", "error", Text(300)), LogLines)], BuildLineJson.Default.BuildLineArray));
        var changes = new List<Change>();
        for (var i = 0; i < Bundles; i++)
        {
            var bundle = i == 0 ? Bundle : Numbered(1, i);
            changes.Add(new BundleReceived(bundle, Sample.Digest($"bundle {i}"), 7, "kid 0", Sample.Oem, Sample.At));
            var items = Enumerable.Range(0, i == 0 ? 1000 : 3).Select(n => new BundleItemRow(Layer, "layer", Named("library", n), "1.0.0")).ToEquatableList();
            changes.Add(i == 0 ? new BundleFailed(bundle, Enumerable.Repeat(Text(300), LogLines).ToEquatableList(), items, Sample.At, log) : new BundleDone(bundle, items, [Sentence], Sample.At));
        }
        return changes;
    }

    // One unit with as much on it as a plan may hold, one subject with everything, and the one layer in every image.
    private static IEnumerable<Change> Assignments()
    {
        var newest = SemanticVersion.Parse($"1.{Versions - 1}.0");
        var composed = Enumerable.Range(0, Services).Select(i => new Composition(
            Sample.Digest($"index {i}"), i == 0 ? Service : Numbered(3, i), First, WireVersion.For(First, Sample.Digest($"lock {i}")), Sample.Digest($"lock {i}"),
            Enumerable.Range(0, LayersOfOne).Select(l => (Number: l == 0 ? 0 : i + l, Version: l == 0 ? newest : First)).Select(l => new ComposedLayer(
                Sample.Oem, Named("library", l.Number), l.Version, new(Sample.Digest($"{l.Number}"), Sample.Content($"{l.Number}"), 1_000_000, MediaTypes.LayerGzip))).ToEquatableList(),
            [], [], Enumerable.Repeat(Sentence, 30).ToEquatableList())).ToList();
        foreach (var composition in composed) yield return new ServiceComposed(composition);
        for (var i = 0; i < Units; i++)
            yield return new UnitPlanned(Named("unit", i), new(
                DesiredState.For((i == 0 ? composed.Take(ItemsOfOne) : composed.Skip(i % Services).Take(1)).Select(c => new DesiredItem(c.ServiceId.ToString(), c.WireVersion, Sample.Owner.ToString(), c.Index)), [], []),
                Enumerable.Repeat(i == 0 ? Sentence : Text(20), i == 0 ? 500 : 1).ToEquatableList(), 1));
        yield return new UnitReported(Named("unit", 0), new([Sample.Amd64], Enumerable.Range(0, 128).Select(i => new ReportedItem(Text(60) + i, "service", "1.0.0", Text(64), Text(1024))).ToEquatableList(), [])
        {
            Nodes = Enumerable.Range(0, 16).Select(n => new NodeRow($"node-{n}", Text(64), "provisioned", true, Text(64), 1 << 30, 1000)).ToEquatableList(),
        }, Sample.At);
        var providers = Enumerable.Range(0, 1000).Select(i => $"p{i}.{Domain}"[..200]).Order(StringComparer.Ordinal).ToEquatableList();
        yield return new LayerShared(Sample.Oem, Named("library", 0), new() { SharedWith = providers, HiddenFrom = providers, RecommendedTo = providers });
        for (var i = 0; i < Several; i++)
            yield return new SubjectJoined(i == 0 ? Subject : Numbered(4, i), Enumerable.Range(0, i == 0 ? Services / 2 : 1).Select(s => s == 0 ? Service : Numbered(3, s)).ToEquatableList(), Enumerable.Range(0, i == 0 ? Units : 1).Select(u => Named("unit", u)).ToEquatableList());
    }

    private static LayerImage[] Images(string name, SemanticVersion version) =>
        [.. new[] { "amd64", "arm64", "riscv64" }.Select(a => new LayerImage(new(a), Sample.Digest($"{name} {version} {a}"), Sample.Content($"{name} {version} {a}"), 1_000_000, 3_000_000) { Base = new("board", Sample.Digest("base")) })];

    private static string Text(int length) => new('漢', length);

    private static string Named(string kind, int number) => $"{kind}-{number:00000}".PadRight(LongestCodename, 'x');

    private static Guid Numbered(int kind, int number) => new($"{kind:x8}-0000-4000-8000-{number:x12}");
}
