using System.Text;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.Deploying;
using Strata.Hub.Garbage;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Resolving;
using Strata.Model.Units;
using Strata.Store;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Catalogues;

/// <summary>A catalogue of real layers: packed, inspected, described and stored as publishing does it.</summary>
internal sealed class CatalogueGround : IDisposable
{
    public const string Provider = "sp.localhost";
    public static readonly Platform Arm64 = new("arm64", "linux");
    private readonly TestFolder _folder = new();
    private readonly SharedSizes _shared;

    public CatalogueGround()
    {
        Blobs = new FolderBlobs(new BlobStore(_folder.Path), new DoomedBlobs(TimeProvider.System));
        _shared = new(Blobs);
        Catalogue = new(new LayerViews(Blobs), Blobs, _shared);
    }

    public IBlobs Blobs { get; }

    public LayerCatalogue Catalogue { get; }

    public HubState State { get; private set; } = HubState.Empty;

    public static Caller Oem { get; } = new("oem", ClientRole.Oem, Sample.Oem, Sample.Owner, null);

    public static Caller ServiceProvider { get; } = new("sp", ClientRole.ServiceProvider, Provider, Guid.NewGuid(), null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Layer this[string codename] => State.Catalogue.Find(codename, Sample.Oem) ?? throw new KeyNotFoundException(codename);

    public LayerRelease this[string codename, string version] => this[codename].Find(SemanticVersion.Parse(version)) ?? throw new KeyNotFoundException(version);

    public void Apply(params Change[] changes) => State = changes.Aggregate(State, (state, change) => state.Apply(state.Sequence + 1, change));

    /// <summary>Publishes a version for one platform.</summary>
    /// <param name="files">Path and content.</param>
    /// <param name="parent">The version it is built on.</param>
    /// <param name="damagedFileIndex">What stands in its files.json instead.</param>
    /// <param name="hasFileIndex">False is a version of a release that kept none.</param>
    public async Task<LayerDescription> PublishAsync(
        string codename, string version, (string Path, string Content)[] files, string[]? features = null, LayerRelease? parent = null, Platform? platform = null, bool hasFileIndex = true, string? damagedFileIndex = null)
    {
        using var file = new MemoryStream();
        await using var writer = new LayerArchiveWriter(file);
        foreach (var (path, content) in files)
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            await writer.WriteAsync(new TarEntry { Name = path, Kind = TarEntryKind.File, Mode = 0x1A4, Size = bytes.Length }, new MemoryStream(bytes), Cancellation);
        }
        var archive = await writer.FinishAsync(Cancellation);
        var inspected = (await LayerInspector.InspectFileAsync(new MemoryStream(file.ToArray()), LayerDocuments.Inspection(null), Cancellation)).Content;
        await PutAsync(file.ToArray());
        var claims = new LayerClaims { Name = $"aos-{codename}-layer", Codename = codename, Version = SemanticVersion.Parse(version), Platform = platform ?? Sample.Amd64, Features = [.. features ?? []] };
        var description = LayerDescriber.Describe(claims, archive, inspected).Description with
        {
            Parent = parent is null ? null : new(parent.Layer.Codename, parent.Version, parent.Images[0].DiffId),
        };
        var documents = new List<SideDocument>();
        foreach (var name in LayerDocuments.Names.Where(n => hasFileIndex || n != FileIndex.FileName))
        {
            using var document = new MemoryStream();
            var about = LayerDocuments.Write(name, document, description, inspected);
            var content = name == FileIndex.FileName && damagedFileIndex is not null ? Encoding.UTF8.GetBytes(damagedFileIndex) : document.ToArray();
            documents.Add(about with { Digest = await PutAsync(content), Size = content.Length });
        }
        description = description with { Documents = documents.ToEquatableList() };
        var digest = await PutAsync(LayerDescriptionJson.Write(description));
        var image = new LayerImage(description.Platform, archive.Digest, archive.DiffId, archive.Size, archive.UnpackedSize) { Parent = description.Parent };
        var id = State.Catalogue.Find(new LayerKey(Sample.Oem, codename))?.Id ?? Guid.NewGuid();
        Apply(new LayerPublished(id, Sample.Oem, codename, description.Version, null, [], [image], [digest]));
        return description;
    }

    /// <summary>Publishes a service that needs a layer, and gives it to units as the hub does.</summary>
    public void Use(string service, string layer, params string[] units)
    {
        var (id, subject) = (Guid.NewGuid(), Guid.NewGuid());
        Apply(
            new ServicePublished(id, Provider, Guid.Empty, service, null, null, new(
                Guid.NewGuid(), SemanticVersion.Parse("1.0.0"), [new(layer, VersionRange.FromComparators(">=1.0.0", false).Range!)],
                [new(Sample.Amd64, new(Sample.Digest(service), Sample.Content(service), 5, MediaTypes.LayerGzip), 6, new(["/opt/main"], [], "/"))], 1, 1) { PublishedAt = Sample.At }),
            new SubjectAdded(subject, Sample.Oem, service, IsGroup: true, Priority: 1));
        foreach (var unit in units)
        {
            if (!State.Units.ContainsKey(unit)) Apply(new UnitAdded(Guid.NewGuid(), unit, Sample.Oem, null), new UnitReported(unit, new([Sample.Amd64], [], []), Sample.At));
            Apply(new SubjectJoined(subject, [id], [unit]));
        }
        foreach (var unit in units)
        {
            var plan = UnitPlan.For(State, State.Units[unit], new());
            Apply([.. plan.Composed.Select(c => new ServiceComposed(c.Composition)), new UnitPlanned(unit, plan.Desired)]);
        }
    }

    /// <summary>A version as a reader is told of it.</summary>
    public Task<LayerVersionDocument> ShownAsync(string codename, string version, Caller? caller = null) =>
        Catalogue.OfAsync(State, caller ?? Oem, this[codename], this[codename, version], Cancellation);

    public void Dispose()
    {
        _shared.Dispose();
        _folder.Dispose();
    }

    private async Task<Digest> PutAsync(byte[] content) => (await Blobs.IngestAsync(new MemoryStream(content), content.Length, Cancellation)).Digest;
}
