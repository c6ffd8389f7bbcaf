using Strata.Artifacts.Describing;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.Portal.Pages.Catalogue;
using Strata.Hub.State;
using Strata.Hub.Targets;
using Strata.Model.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Portal.Catalogue;

/// <summary>The catalogue's pages: layers, their versions, what differs between two, and targets.</summary>
internal sealed class CataloguePages(HubWriter writer, LayerCatalogue catalogue, TargetViews targets, Comparisons comparisons, ICatalogueIndex index, PageRenderer pages, HeavyReads heavy)
{
    private const int MostProviders = 50;

    /// <summary>A page of the portal, for who is signed in.</summary>
    public delegate Task<IResult> Page(HttpContext context, Caller caller);

    /// <summary>Adds the pages.</summary>
    /// <param name="get">Adds a page that only those who are signed in get.</param>
    public void Map(Action<string, Page> get)
    {
        get("/layers", LayersAsync);
        get("/layers/{id:guid}", LayerAsync);
        get("/layers/{id:guid}/compare", Heavy(CompareAsync));
        get("/layers/{id:guid}/graph", GraphAsync);
        get("/layers/{id:guid}/{version}", (context, caller) => VersionAsync(context, caller, OverviewAsync));
        get("/layers/{id:guid}/{version}/libraries", (context, caller) => VersionAsync(context, caller, LibrariesAsync));
        get("/layers/{id:guid}/{version}/files", Heavy((context, caller) => VersionAsync(context, caller, FilesAsync)));
        get("/layers/{id:guid}/{version}/symbols", Heavy((context, caller) => VersionAsync(context, caller, SymbolsAsync)));
        get("/layers/{id:guid}/{version}/used-by", Heavy((context, caller) => VersionAsync(context, caller, UsedByAsync)));
        get("/layers/{id:guid}/{version}/documents/{name}", (context, caller) => VersionAsync(context, caller, DocumentAsync));
        get("/search", Heavy(SearchAsync));
        get("/targets", TargetsAsync);
        get("/targets/{id:guid}", TargetAsync);
        get("/targets/{id:guid}/documents/{name}", TargetDocumentAsync);
    }

    private Page Heavy(Page page) => (context, caller) => heavy.AnswerAsync(context, caller, () => page(context, caller), pages.TooManyAsync);

    private Task<IResult> LayersAsync(HttpContext context, Caller caller)
    {
        var query = PageQuery.Of(context);
        return pages.PageAsync<LayersPage>(new() { [nameof(LayersPage.List)] = LayerList.Of(writer.State, caller, query), [nameof(LayersPage.Query)] = query });
    }

    private Task<IResult> LayerAsync(HttpContext context, Caller caller)
    {
        var (state, query) = (writer.State, PageQuery.Of(context));
        if (Find(state, context, caller) is not { } layer) return NoLayerAsync();
        return pages.PageAsync<LayerPage>(new()
        {
            [nameof(LayerPage.Layer)] = layer,
            [nameof(LayerPage.Versions)] = VersionLine.Of(state, layer, new(state, caller), query),
            [nameof(LayerPage.Query)] = query,
            [nameof(LayerPage.Providers)] = ProvidersOf(state, caller),
        });
    }

    // Domains to choose from, as whoever reads the list of service providers sees them.
    private static string[] ProvidersOf(HubState state, Caller caller) =>
        [.. state.Users.Values.Where(u => u.Role == ClientRole.ServiceProvider).Select(u => u.Owner).Concat(state.Services.Values.Select(s => s.Owner)).Distinct()
            .Where(p => caller.Sees(new(ObjectKind.ServiceProvider, p))).Order(StringComparer.Ordinal).Take(MostProviders)]; // others can be typed

    private Task<IResult> GraphAsync(HttpContext context, Caller caller)
    {
        var state = writer.State;
        return Find(state, context, caller) is { } layer
            ? pages.PageAsync<GraphPage>(new() { [nameof(GraphPage.Layer)] = layer, [nameof(GraphPage.Graph)] = LayerGraph.Of(state, layer, caller).First(2 * PageQuery.Of(context).Rows) })
            : NoLayerAsync();
    }

    private async Task<IResult> VersionAsync(HttpContext context, Caller caller, Func<VersionShown, HubState, HttpContext, Caller, Task<IResult>> show)
    {
        var state = writer.State;
        if (Find(state, context, caller) is not { } layer) return await NoLayerAsync();
        if (Release(layer, context.Request.RouteValues["version"]?.ToString()) is not { } release) return await NoVersionAsync(layer);
        var platform = context.Request.Query["platform"].ToString();
        var image = release.Images.FirstOrDefault(i => i.Platform.ToString() == platform) ?? release.Images[0];
        var description = LayerCatalogue.AsSeen(state, caller, layer, await catalogue.DescriptionAsync(release, image, context.RequestAborted));
        var parent = LayerCatalogue.ParentOf(state, caller, layer, image);
        return await show(new(layer, release, image, description, parent is { } known ? (known.Layer, known.Release) : null), state, context, caller);
    }

    private async Task<IResult> OverviewAsync(VersionShown version, HubState state, HttpContext context, Caller caller)
    {
        var usage = new LayerUsage(state, caller);
        return await pages.PageAsync<VersionPage>(new()
        {
            [nameof(VersionPage.Version)] = version,
            [nameof(VersionPage.Image)] = await catalogue.ImageAsync(state, usage, version.Layer, version.Release, version.Image, version.Description, context.RequestAborted),
            [nameof(VersionPage.Children)] = LayerCatalogue.ChildrenOf(state, caller, version.Release).Select(c => (state.Catalogue.Find(c.Release.Layer)!.Id, c.Release)).Distinct().ToArray(),
            [nameof(VersionPage.Provenance)] = Provenance.Of(state, caller, version.Release),
            [nameof(VersionPage.Users)] = usage.Of(version.Layer.Key, version.Release.Version).Select(u => u.ServiceId).Distinct().Count(),
        });
    }

    private Task<IResult> LibrariesAsync(VersionShown version, HubState state, HttpContext context, Caller caller)
    {
        var query = PageQuery.Of(context);
        var text = query["q"];
        var found = version.Description.Libraries.Where(l => text.Length == 0
            || l.Sonames.Append(l.Name).Append(l.Version).Append(l.License ?? "").Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase))).ToList();
        return pages.PageAsync<LibrariesPage>(new() { [nameof(LibrariesPage.Version)] = version, [nameof(LibrariesPage.Query)] = query, [nameof(LibrariesPage.Libraries)] = query.Part(found) });
    }

    private async Task<IResult> SymbolsAsync(VersionShown version, HubState state, HttpContext context, Caller caller)
    {
        var query = PageQuery.Of(context);
        PagePart<SymbolLine>? symbols = null;
        if (await catalogue.DocumentAsync(version.Description, ElfIndex.FileName, context.RequestAborted) is var (_, file))
            await using (file) symbols = await SymbolList.ReadAsync(file, query, context.RequestAborted);
        return await pages.PageAsync<SymbolsPage>(new() { [nameof(SymbolsPage.Version)] = version, [nameof(SymbolsPage.Query)] = query, [nameof(SymbolsPage.Symbols)] = symbols });
    }

    private async Task<IResult> FilesAsync(VersionShown version, HubState state, HttpContext context, Caller caller)
    {
        var query = PageQuery.Of(context);
        PagePart<IndexedEntry>? entries = null;
        if (await catalogue.DocumentAsync(version.Description, FileIndex.FileName, context.RequestAborted) is var (_, file))
            await using (file) entries = await FileList.ReadAsync(file, query, version.Description.Archive.Entries, context.RequestAborted);
        return await pages.PageAsync<FilesPage>(new() { [nameof(FilesPage.Version)] = version, [nameof(FilesPage.Query)] = query, [nameof(FilesPage.Files)] = entries });
    }

    private Task<IResult> UsedByAsync(VersionShown version, HubState state, HttpContext context, Caller caller)
    {
        var query = PageQuery.Of(context);
        var (users, children, isWhole) = new LayerUsage(state, caller).AllOf(version.Layer, version.Release);
        return pages.PageAsync<UsedByPage>(new()
        {
            [nameof(UsedByPage.Version)] = version,
            [nameof(UsedByPage.Query)] = query,
            [nameof(UsedByPage.Users)] = query.Part(users),
            [nameof(UsedByPage.Children)] = query.Part(children, "layers").Select(c => (state.Catalogue.Find(c.Layer)!.Id, c)),
            [nameof(UsedByPage.IsWhole)] = isWhole,
        });
    }

    private async Task<IResult> DocumentAsync(VersionShown version, HubState state, HttpContext context, Caller caller) =>
        await catalogue.DocumentAsync(version.Description, context.Request.RouteValues["name"]?.ToString() ?? "", context.RequestAborted) is var (document, file)
            ? TypedResults.Stream(
                file, LayerContentEndpoints.MediaTypeOf(document.Name), $"{version.Layer.Key.Codename}-{version.Release.Version}-{version.Image.Platform.Stem}.{document.Name}", entityTag: new($"\"{document.Digest.Hex}\""), enableRangeProcessing: true)
            : await pages.NoteAsync("Not found", "This version has no such document.", StatusCodes.Status404NotFound);

    private async Task<IResult> CompareAsync(HttpContext context, Caller caller)
    {
        var (state, query) = (writer.State, PageQuery.Of(context));
        if (Find(state, context, caller) is not { } layer) return await NoLayerAsync();
        if (Release(layer, query["from"]) is not { } from || Release(layer, query["to"]) is not { } to) return await NoVersionAsync(layer);
        if (from.Version.CompareTo(to.Version) > 0) (from, to) = (to, from);
        var shared = from.Images.Select(i => i.Platform).Where(p => to.Images.Any(i => i.Platform == p)).ToList();
        var platform = shared.FirstOrDefault(p => p.ToString() == query["platform"]) ?? shared.FirstOrDefault();
        var found = platform is null ? null : await comparisons.OfAsync(from.Images.First(i => i.Platform == platform).Digest, to.Images.First(i => i.Platform == platform).Digest, context.RequestAborted);
        return await pages.PageAsync<ComparePage>(new()
        {
            [nameof(ComparePage.Layer)] = layer,
            [nameof(ComparePage.From)] = from.Version,
            [nameof(ComparePage.To)] = to.Version,
            [nameof(ComparePage.Platforms)] = shared.Select(p => p.ToString()).ToArray(),
            [nameof(ComparePage.Platform)] = platform?.ToString(),
            [nameof(ComparePage.Found)] = found,
            [nameof(ComparePage.Query)] = query,
        });
    }

    private async Task<IResult> SearchAsync(HttpContext context, Caller caller)
    {
        var query = PageQuery.Of(context);
        CatalogueCursor? after = null;
        if (query["after"] is { Length: > 0 } text && !CatalogueCursor.TryParse(text, out after))
            return await pages.NoteAsync("Not found", "There is no such page of the search. Search again.", StatusCodes.Status404NotFound);
        CataloguePage? found = null;
        try
        {
            if (query.Filters("q")) found = index.Search(writer.State, caller, SearchQuery.Of(query, after));
        }
        catch (IOException)
        {
            return await pages.NoteAsync("Not now", "The search is out of order for the moment; the layers are all there. Try again.", StatusCodes.Status503ServiceUnavailable);
        }
        return await pages.PageAsync<SearchPage>(new() { [nameof(SearchPage.Query)] = query, [nameof(SearchPage.Found)] = found });
    }

    private Task<IResult> TargetsAsync(HttpContext context, Caller caller)
    {
        var (state, query) = (writer.State, PageQuery.Of(context));
        var text = query["q"];
        var found = TargetViews.Seen(state, caller).Where(t => t.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || t.Owner.Contains(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return pages.PageAsync<TargetsPage>(new() { [nameof(TargetsPage.Targets)] = query.Part(found).Select(t => TargetViews.Of(t, caller)), [nameof(TargetsPage.Query)] = query });
    }

    private Task<IResult> TargetAsync(HttpContext context, Caller caller)
    {
        var state = writer.State;
        if (TargetViews.Find(state, caller, context.Request.RouteValues["id"]!.ToString()!) is not { } target) return NoTargetAsync();
        var built = SeenLayers.By(state, caller).All
            .Select(l => (Layer: l, Release: l.Releases.FirstOrDefault(r => r.Images.Any(i => i.Base?.Identity == target.Base))))
            .Where(l => l.Release is not null).Select(l => (l.Layer, l.Release!)).ToList();
        var query = PageQuery.Of(context);
        return pages.PageAsync<TargetPage>(new()
        {
            [nameof(TargetPage.Target)] = TargetViews.Of(target, caller),
            [nameof(TargetPage.Layers)] = query.Part(built),
            [nameof(TargetPage.Units)] = state.Units.Values.Where(u => caller.Sees(Guarded.Of(u)) && u.Owner == target.Owner && u.Target == target.Name).Select(u => u.SystemId).Order(StringComparer.Ordinal).ToArray(),
            [nameof(TargetPage.Query)] = query,
        });
    }

    private Task<IResult> TargetDocumentAsync(HttpContext context, Caller caller) =>
        TargetViews.Find(writer.State, caller, context.Request.RouteValues["id"]!.ToString()!) is { } target
            ? targets.ContentAsync(target, context.Request.RouteValues["name"]?.ToString() ?? "", context.RequestAborted)
            : NoTargetAsync();

    private static Layer? Find(HubState state, HttpContext context, Caller caller) => LayerViews.Find(state, context.Request.RouteValues["id"]!.ToString()!, caller);

    private static LayerRelease? Release(Layer layer, string? text) =>
        SemanticVersion.TryParse(text, out var version, out _) ? layer.Find(version) : null;

    private Task<IResult> NoLayerAsync() => pages.NoteAsync("Not found", "There is no such layer, or it is not shared with you.", StatusCodes.Status404NotFound);

    private Task<IResult> NoTargetAsync() => pages.NoteAsync("Not found", "There is no such target, or it is not shared with you.", StatusCodes.Status404NotFound);

    private Task<IResult> NoVersionAsync(Layer layer) =>
        pages.NoteAsync("Not found", $"{layer.Key.Codename} has no such version. Its newest is {layer.Releases[0].Version}.", StatusCodes.Status404NotFound);
}
