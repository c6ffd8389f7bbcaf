using Strata.Artifacts.Describing;
using Strata.Artifacts.Sbom;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Catalogues;

/// <summary>What is in a layer version: <c>layers/{name}/versions/{version}/libraries|files|symbols|documents|used-by/</c>.</summary>
internal sealed class LayerContentEndpoints(HubWriter writer, LayerCatalogue catalogue)
{
    private const string Platform = "Such as `linux/amd64`, or the architecture alone; the first that there is, when it is not given.";

    public void Map(ApiRoutes api)
    {
        api.Get("layers/{name}/versions/{version}/libraries/", ObjectKind.Layer, (context, caller) => AtAsync(context, caller, LibrariesAsync))
            .Says("The libraries in a version.").ListsByOffset<LibraryDocument>().Searches("name, version, licence, package and sonames").Asks("platform", Platform)
            .Asks("type", "Only libraries of this type.", values: ["deb", "elf", "npm", "opkg", "python", "rpm"]).Refuses(StatusCodes.Status400BadRequest);
        api.Get("layers/{name}/versions/{version}/files/", ObjectKind.Layer, (context, caller) => AtAsync(context, caller, FilesAsync))
            .Says("Every entry of a version's archive.").ListsByOffset<FileDocument>().Searches("the path").Asks("platform", Platform).Asks("kind", "Only entries of this kind.", values: [.. IndexedKinds.ByWord.Keys])
            .IsHeavy().Refuses(StatusCodes.Status400BadRequest);
        api.Get("layers/{name}/versions/{version}/symbols/", ObjectKind.Layer, (context, caller) => AtAsync(context, caller, SymbolsAsync))
            .Says("The dynamic symbols of a version's ELF files.").ListsByOffset<SymbolDocument>().Searches("symbol, path and soname").Asks("platform", Platform)
            .Asks("side", "Only what the files give, or what they take from others.", values: ["defined", "undefined"]).IsHeavy().Refuses(StatusCodes.Status400BadRequest);
        api.Get("layers/{name}/versions/{version}/documents/{document}", ObjectKind.Layer, (context, caller) => AtAsync(context, caller, DocumentAsync))
            .Says("A document beside a version: a bill of materials, or an index.", "SPDX, CycloneDX or other JSON, byte for byte as it is kept; ranges and entity tags work.")
            .GivesBytes("application/json", "The document.").Asks("platform", Platform).Refuses(StatusCodes.Status400BadRequest);
        api.Get("layers/{name}/versions/{version}/used-by/", ObjectKind.Layer, (context, caller) => AtAsync(context, caller, UsedBy))
            .Says("Service versions that use a version: on a unit, in a composed image, or because their needs lead to it.", "Needs are tried up to a bound; where there are more, services that only would get it may be missing.").ListsByOffset<LayerUserDocument>().Searches("service and owner").Asks("platform", Platform).IsHeavy().Refuses(StatusCodes.Status400BadRequest);
    }

    /// <summary>A version on one platform, and who wants to read it.</summary>
    private sealed record Wanted(HubState State, Caller Caller, Layer Layer, LayerRelease Release, LayerImage Image)
    {
        /// <summary><c>pylibs 1.0.0 for linux/amd64</c>.</summary>
        public override string ToString() => $"{Release} for {Image.Platform}";
    }

    private async Task<IResult> AtAsync(HttpContext context, Caller caller, Func<HttpContext, Wanted, Task<IResult>> answer)
    {
        var (layer, release, refusal) = LayerRequests.Version(context, writer.State, caller);
        if (layer is null || release is null) return refusal!;
        var platform = context.Request.Query["platform"].ToString();
        var image = platform.Length == 0 ? release.Images[0] : release.Images.FirstOrDefault(i => i.Platform.ToString() == platform || i.Platform.Architecture == platform);
        return image is not null
            ? await answer(context, new(writer.State, caller, layer, release, image))
            : Problems.Answer(StatusCodes.Status404NotFound, $"{release} has nothing for the platform '{Quote.Short(platform)}'; it has {string.Join(", ", release.Images.Select(i => i.Platform))}.");
    }

    private async Task<IResult> LibrariesAsync(HttpContext context, Wanted wanted)
    {
        var type = context.Request.Query["type"].ToString();
        var found = (await DescriptionAsync(context, wanted)).Libraries
            .Where(l => (type.Length == 0 || l.Type == type) && Requests.Finds(context, [l.Name, l.Version, l.License, l.Package, .. l.Sonames]));
        return Requests.Page(
            context, found, l => new LibraryDocument(l.Type, l.Name, l.Version, l.License, l.Purl, l.Package, l.Files, [.. l.Sonames]), LayerApiJson.Default.PageLibraryDocument);
    }

    private async Task<IResult> FilesAsync(HttpContext context, Wanted wanted)
    {
        var kind = context.Request.Query["kind"].ToString();
        IndexedKind? only = IndexedKinds.ByWord.TryGetValue(kind, out var known) ? known : null;
        if (kind.Length > 0 && only is null) return Problems.Answer(StatusCodes.Status400BadRequest, $"kind: '{Quote.Short(kind)}' is none of {string.Join(", ", IndexedKinds.ByWord.Keys)}.");
        return await LinesAsync(context, wanted, FileIndex.FileName, index => FileLines.ReadEachAsync(index, Search(context), only, context.RequestAborted), Of, LayerApiJson.Default.PageFileDocument);
    }

    private async Task<IResult> SymbolsAsync(HttpContext context, Wanted wanted)
    {
        var side = context.Request.Query["side"].ToString();
        if (side is not ("" or "defined" or "undefined")) return Problems.Answer(StatusCodes.Status400BadRequest, $"side: '{Quote.Short(side)}' is none of defined, undefined.");
        return await LinesAsync(
            context, wanted, ElfIndex.FileName, index => SymbolLines.ReadEachAsync(index, Search(context), side.Length == 0 ? null : side == "defined", context.RequestAborted),
            s => new SymbolDocument(s.File, s.Soname, s.Symbol, s.IsDefined), LayerApiJson.Default.PageSymbolDocument);
    }

    private async Task<IResult> DocumentAsync(HttpContext context, Wanted wanted)
    {
        var (name, description) = (context.Request.RouteValues["document"]?.ToString() ?? "", await DescriptionAsync(context, wanted));
        if (await catalogue.DocumentAsync(description, name, context.RequestAborted) is not var (about, content))
            return Problems.Answer(
                StatusCodes.Status404NotFound,
                $"{wanted} has no document '{Quote.Short(name)}'{(description.Documents.Count == 0 ? ": it was published before there were any" : $"; it has {string.Join(", ", description.Documents.Select(d => d.Name))}")}.");
        return TypedResults.Stream(
            content, MediaTypeOf(about.Name), $"{wanted.Layer.Key.Codename}-{wanted.Release.Version}-{wanted.Image.Platform.Stem}.{about.Name}", entityTag: new($"\"{about.Digest.Hex}\""), enableRangeProcessing: true);
    }

    private Task<IResult> UsedBy(HttpContext context, Wanted wanted) => Task.FromResult(Users(context, new LayerUsage(wanted.State, wanted.Caller).AllOf(wanted.Layer, wanted.Release).Services));

    /// <summary>The part of the users that the request asks for.</summary>
    public static IResult Users(HttpContext context, IEnumerable<LayerUser> users) => Requests.Page(
        context,
        users.Where(u => Requests.Finds(context, u.Service, u.Owner)).OrderBy(u => u.Service, StringComparer.Ordinal).ThenByDescending(u => u.Version).ThenByDescending(u => u.Layer),
        u => new LayerUserDocument(u.ServiceId, u.Service, u.Owner, u.Version.ToString(), u.Layer.ToString(), u.Units, u.How), LayerApiJson.Default.PageLayerUserDocument);

    /// <summary>The media type of a document beside a layer. Source: those that SPDX 2.3 and CycloneDX 1.6 registered.</summary>
    public static string MediaTypeOf(string name) => name switch
    {
        SpdxDocument.FileName => "application/spdx+json",
        CycloneDxDocument.FileName => "application/vnd.cyclonedx+json",
        _ => "application/json",
    };

    private static FileDocument Of(IndexedEntry e) => new(
        e.Path, e.Kind.Word(), e.Mode, e.Uid, e.Gid, e.Size, e.Sha256, e.LinkTarget, e.Device, e.Package);

    private async Task<IResult> LinesAsync<TLine, T>(
        HttpContext context, Wanted wanted, string name, Func<Stream, IAsyncEnumerable<TLine>> read, Func<TLine, T> document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<Page<T>> type)
    {
        if (await catalogue.DocumentAsync(await DescriptionAsync(context, wanted), name, context.RequestAborted) is not var (_, index))
            return Problems.Answer(StatusCodes.Status404NotFound, $"{wanted} has no {name}: it was published before hubs kept one. Versions that are published now have it.");
        await using (index)
        {
            var (offset, limit) = Requests.Part(context);
            var (rows, total) = await read(index).PartAsync(offset, limit, context.RequestAborted);
            return TypedResults.Json(new Page<T>([.. rows.Select(document)], total, offset), type);
        }
    }

    private Task<LayerDescription> DescriptionAsync(HttpContext context, Wanted wanted) => catalogue.DescriptionAsync(wanted.Release, wanted.Image, context.RequestAborted);

    private static string Search(HttpContext context) => context.Request.Query["search"].ToString();
}
