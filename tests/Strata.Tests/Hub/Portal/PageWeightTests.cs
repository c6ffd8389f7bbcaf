using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;

namespace Strata.Tests.Hub.Portal;

/// <summary>A page has less than 100 KB, whatever the hub holds, and a first visit less than 400 KB on the wire.</summary>
public sealed partial class PageWeightTests : IAsyncLifetime
{
    private const int Heaviest = 100_000, FirstVisit = 400_000, RowsOfAPage = 50;

    /// <summary>An address of each page on which there is the most to see, by its route.</summary>
    private static readonly Dictionary<string, string[]> Pages = new()
    {
        ["/sign-in"] = ["/sign-in"],
        ["/layers"] = ["/layers", "/layers?sort=users", "/layers?q=library"],
        ["/layers/{id:guid}"] = [$"/layers/{MuchOfEverything.Layer}"],
        ["/layers/{id:guid}/graph"] = [$"/layers/{MuchOfEverything.Layer}/graph"],
        ["/layers/{id:guid}/compare"] = [Compared(""), Compared("&kind=files"), Compared("&kind=symbols")],
        ["/layers/{id:guid}/{version}"] = [Version("1.0.0", "")],
        ["/layers/{id:guid}/{version}/libraries"] = [Version("1.0.0", "/libraries")],
        ["/layers/{id:guid}/{version}/files"] = [Version("1.0.0", "/files"), Version("1.0.0", "/files?q=9&offset=50")],
        ["/layers/{id:guid}/{version}/symbols"] = [Version("1.0.0", "/symbols"), Version("1.0.0", "/symbols?offset=500")],
        ["/layers/{id:guid}/{version}/used-by"] = [Version("1.1.0", "/used-by"), Version($"1.{MuchOfEverything.Versions - 1}.0", "/used-by")],
        ["/search"] = ["/search", "/search?q=library", "/search?q=漢漢漢", "/search?q=漢漢漢&kind=file", "/search?q=漢漢漢&kind=library"],
        ["/targets"] = ["/targets"],
        ["/targets/{id:guid}"] = [$"/targets/{MuchOfEverything.Target}"],
        ["/bundles"] = ["/bundles"],
        ["/bundles/{id:guid}"] = [$"/bundles/{MuchOfEverything.Bundle}"],
        ["/services"] = ["/services"],
        ["/services/{id:guid}"] = [$"/services/{MuchOfEverything.Service}", $"/services/{MuchOfEverything.Service}?version=1.7.0"],
        ["/units"] = ["/units", "/units?state=obstacles"],
        ["/units/{name}"] = [$"/units/{"unit-00000".PadRight(64, 'x')}"],
        ["/unit-models"] = ["/unit-models"],
        ["/subjects"] = ["/subjects"],
        ["/subjects/{id:guid}"] = [$"/subjects/{MuchOfEverything.Subject}"],
        ["/users"] = ["/users"],
        ["/audit"] = ["/audit", "/audit?kind=layer-shared&limit=1", "/audit?kind=bundle-done", "/audit?kind=subject-joined"],
        ["/{**path}"] = ["/nothing"],
    };

    /// <summary>What is no page: a stream, a download, a redirect.</summary>
    private static readonly string[] Others =
    [
        "/", "/bundles/events", "/bundles/{id:guid}/log", "/bundles/{id:guid}/report", "/layers/{id:guid}/{version}/documents/{name}", "/targets/{id:guid}/documents/{name}",
        "/sign-in/certificate", "/sign-in/certificate/done",
    ];

    private static readonly Caller Admin = new("admin", ClientRole.Admin, "localhost", Sample.Owner, null), Oem = new("oem", ClientRole.Oem, Sample.Oem, Sample.Owner, null);

    private static readonly Caller[] Callers =
    [
        Admin, Oem, new("sp", ClientRole.ServiceProvider, MuchOfEverything.Provider, Sample.Owner, null), new("fleet", ClientRole.FleetOwner, MuchOfEverything.Fleet, Sample.Owner, null),
    ];

    private PortalGround _ground = null!;

    public async ValueTask InitializeAsync() => _ground = await MuchOfEverything.MakeAsync();

    public ValueTask DisposeAsync() => _ground.DisposeAsync();

    [Fact]
    public async Task Every_page_is_light_for_everybody_where_there_is_much_of_everything_and_so_is_a_first_visit()
    {
        Assert.Equal(Pages.Keys.Concat(Others).Order(StringComparer.Ordinal), _ground.Routes.Where(r => !r.StartsWith("/assets/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var faults = new List<string>();
        foreach (var caller in Callers)
            foreach (var (route, address) in Pages.SelectMany(p => p.Value.Select(a => (p.Key, a))))
            {
                var began = System.Diagnostics.Stopwatch.GetTimestamp();
                var answer = await _ground.GetAsync(address, caller);
                if (answer.Route != route) faults.Add($"{address} is answered by {answer.Route} and not by {route}.");
                if (answer.Body.Length >= Heaviest) faults.Add($"{address} has {answer.Body.Length} bytes for {caller.Name}.");
                if (answer.Status != 200 && caller.Role is ClientRole.Admin or ClientRole.Oem && route != "/{**path}") faults.Add($"{address} answers {caller.Name} {answer.Status}.");
                TestContext.Current.TestOutputHelper?.WriteLine($"{caller.Name} {address}: {answer.Status}, {answer.Body.Length} bytes, {System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
            }
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        // Ordinary names fill a page; of long ones there are fewer on a page, and the way to the others is there.
        Assert.Equal(RowsOfAPage, Rows().Count((await _ground.GetAsync($"/layers?owner={MuchOfEverything.Plain}", Admin)).Html));
        var (next, rows, pages) = (Version("1.0.0", "/libraries"), 0, 0);
        while (next is not null)
        {
            var html = (await _ground.GetAsync(next, Oem)).Html;
            rows += Rows().Count(html);
            pages++;
            next = Next().Match(html) is { Success: true } link ? System.Net.WebUtility.HtmlDecode(link.Groups[1].Value) : null;
        }
        Assert.Equal(MuchOfEverything.Libraries, rows);
        Assert.True(pages > MuchOfEverything.Libraries / RowsOfAPage, $"{pages} pages");
        await VisitForTheFirstTimeAsync();
    }

    // The sign-in page, the layers, and what loads a script besides, with all that they name.
    private async Task VisitForTheFirstTimeAsync()
    {
        var (loaded, bytes) = (new HashSet<string>(), 0L);
        foreach (var (address, caller) in new[] { ("/sign-in", null), ("/layers", Oem), ("/bundles", Oem), ($"/layers/{MuchOfEverything.Layer}/graph", Oem) })
        {
            var page = await _ground.GetAsync(address, caller);
            bytes += page.Body.Length;
            foreach (var asset in Asset().Matches(page.Html).Select(m => m.Value)) await LoadAsync(asset);
        }
        Assert.Equal(_ground.Routes.Where(r => r.StartsWith("/assets/", StringComparison.Ordinal)).Order(), loaded.Order()); // nothing is served that no page names
        Assert.InRange(bytes, 1, FirstVisit);
        TestContext.Current.TestOutputHelper?.WriteLine($"{loaded.Count} assets, {bytes} bytes with the pages");

        async Task LoadAsync(string asset)
        {
            if (!loaded.Add(asset)) return;
            var answer = await _ground.GetAsync(asset, null);
            Assert.Equal((StatusCodes.Status200OK, "gzip"), (answer.Status, answer.Encoding));
            bytes += answer.Body.Length;
            using var plain = new StreamReader(new System.IO.Compression.GZipStream(new MemoryStream(answer.Body), System.IO.Compression.CompressionMode.Decompress));
            // Scripts name what they import.
            foreach (var import in Import().Matches(await plain.ReadToEndAsync(TestContext.Current.CancellationToken)).Select(m => m.Groups[1].Value))
                await LoadAsync($"{asset[..asset.LastIndexOf('/')]}/{import}");
        }
    }

    private static string Version(string version, string pane) => $"/layers/{MuchOfEverything.Layer}/{version}{pane}";

    private static string Compared(string kind) => $"/layers/{MuchOfEverything.Layer}/compare?from=1.0.0&to=1.1.0{kind}";

    [GeneratedRegex("<th scope=\"row\"")]
    private static partial Regex Rows();

    [GeneratedRegex("rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex Next();

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Asset();

    [GeneratedRegex("from ?['\"]\\./([^'\"]+)['\"]")]
    private static partial Regex Import();
}
