using Strata.Artifacts.Hashing;
using Strata.Model.Layers;

namespace Strata.Cli.Hub;

/// <summary>Which layers are listed; null is all.</summary>
/// <param name="Used"><c>true</c> or <c>false</c>.</param>
internal sealed record LayerQuery(string? Search = null, string? Owner = null, string? Platform = null, string? State = null, string? Feature = null, string? Used = null);

/// <content><c>layers/</c>.</content>
internal sealed partial class HubClient
{
    /// <summary>GET layers/, all pages.</summary>
    public Task<IReadOnlyList<LayerInfo>> LayersAsync(LayerQuery query, CancellationToken cancellation) => ListAsync(
        "layers/" + Query(
            ("search", query.Search), ("owner", query.Owner), ("platform", query.Platform), ("state", query.State), ("feature", query.Feature), ("used", query.Used)),
        HubLayerJson.Default.PageLayerInfo,
        cancellation);

    /// <summary>GET layers/{name}/ by id, codename or alias: with all its versions.</summary>
    public Task<LayerInfo> LayerAsync(string name, CancellationToken cancellation) => GetAsync(LayerPath(name), HubLayerJson.Default.LayerInfo, cancellation);

    /// <summary>GET layers/{name}/versions/{version}/: archives, relations, provenance, and the layer.json of each platform.</summary>
    public Task<LayerVersionInfo> LayerVersionAsync(string name, string version, CancellationToken cancellation) =>
        GetAsync(VersionPath(name, version), HubLayerJson.Default.LayerVersionInfo, cancellation);

    /// <summary>GET layers/{name}/versions/{version}/libraries/, all pages.</summary>
    public Task<IReadOnlyList<LayerLibraryInfo>> LayerLibrariesAsync(string name, string version, string? platform, string? search, CancellationToken cancellation) =>
        ListAsync($"{VersionPath(name, version)}libraries/{Query(("platform", platform), ("search", search))}", HubLayerJson.Default.PageLayerLibraryInfo, cancellation);

    /// <summary>GET layers/{name}/used-by/, or of one version, all pages.</summary>
    /// <param name="version">Null for all.</param>
    public Task<IReadOnlyList<LayerUserInfo>> LayerUsersAsync(string name, string? version, CancellationToken cancellation) =>
        ListAsync($"{(version is null ? LayerPath(name) : VersionPath(name, version))}used-by/", HubLayerJson.Default.PageLayerUserInfo, cancellation);

    /// <summary>GET layers/{name}/compare/: the first hundred of each kind of change behind <paramref name="offset"/>.</summary>
    public Task<LayerComparisonInfo> CompareLayersAsync(string name, string from, string to, string? platform, int offset, CancellationToken cancellation) => SendAsync(
        new(HttpMethod.Get, $"{LayerPath(name)}compare/{Query(("from", from), ("to", to), ("platform", platform), ("limit", $"{PageSize}"), ("offset", $"{offset}"))}"),
        HubLayerJson.Default.LayerComparisonInfo,
        Timeout.InfiniteTimeSpan, // the hub reads two layers whole
        cancellation);

    /// <summary>GET layers/{name}/versions/{version}/documents/{document}: what <paramref name="read"/> makes of its bytes, which are held to the digest that the hub told before.</summary>
    /// <exception cref="ContentMismatchException">They are others.</exception>
    public Task<T> LayerDocumentAsync<T>(string name, string version, string platform, SideDocument document, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) => CallAsync(
        new(HttpMethod.Get, $"{VersionPath(name, version)}documents/{Uri.EscapeDataString(document.Name)}{Query(("platform", platform))}"), Timeout.InfiniteTimeSpan, async (body, token) =>
        {
            await using var verified = new VerifyingStream(body, document.Digest, document.Size, leaveOpen: true);
            return await read(verified, token);
        }, cancellation);

    /// <summary>GET search/: one part of what is found.</summary>
    /// <param name="limit">Hits at most; the hub gives a hundred and no more.</param>
    /// <param name="cursor">From the part before; null for the first.</param>
    public Task<SearchInfo> SearchAsync(SearchQuery query, int limit, string? cursor, CancellationToken cancellation) => GetAsync(
        "search/" + Query(
            ("q", query.Text), ("kind", query.Kind), ("owner", query.Owner), ("platform", query.Platform), ("feature", query.Feature), ("state", query.State),
            ("limit", $"{Math.Min(limit, PageSize)}"), ("cursor", cursor)),
        HubLayerJson.Default.SearchInfo,
        cancellation);

    private static string VersionPath(string name, string version) => $"{LayerPath(name)}versions/{Uri.EscapeDataString(version)}/";

    private static string LayerPath(string name) => $"layers/{Uri.EscapeDataString(name)}/";

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var query = "";
        foreach (var (name, value) in values)
            if (!string.IsNullOrEmpty(value)) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        return query;
    }
}
