using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Strata.SystemTests.Running;

namespace Strata.SystemTests.Hub;

/// <summary>Bundles that arrive in pieces, by the tus protocol.</summary>
public sealed class PartialUploadTests : IAsyncLifetime
{
    private HubRig _rig = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await HubRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task An_upload_goes_on_where_it_was_after_the_hub_was_killed()
    {
        var bundle = await BundleAsync();
        var upload = await BeginAsync(bundle.Length, "key");
        Assert.Equal((HttpStatusCode.NoContent, bundle.Length / 3, null), await SendAsync(upload, bundle, 0, bundle.Length / 3));
        await _rig.KillAsync();
        await _rig.StartHubAsync();
        var (status, offset, _) = await AskAsync(upload);
        Assert.Equal((HttpStatusCode.OK, bundle.Length / 3), (status, offset));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(upload, "aos-user-sp.p12")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(upload, bundle, 0, bundle.Length)).Status);

        var (_, whole, id) = await SendAsync(upload, bundle, bundle.Length / 3, bundle.Length);
        Assert.Equal(bundle.Length, whole);
        await _rig.PublishedAsync(id!);
        Assert.Equal((HttpStatusCode.OK, bundle.Length, id), await AskAsync(upload));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_rig.Data, "uploads")));
    }

    [Theory]
    [InlineData("UploadKept")]
    [InlineData("UploadLogged")]
    public async Task A_whole_upload_is_no_second_time_sent_wherever_the_hub_ends(string point)
    {
        var bundle = await BundleAsync();
        await _rig.KillAsync();
        await _rig.StartHubAsync(crashAt: point);
        var upload = await BeginAsync(bundle.Length, null);
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(upload, bundle, 0, bundle.Length));
        await _rig.EndAsync();
        await _rig.StartHubAsync();
        string? id = null;
        for (var tries = 0; id is null && tries < 100; tries++, await Task.Delay(100, Cancellation)) (_, _, id) = await AskAsync(upload);
        await _rig.PublishedAsync(id!);
        Assert.Equal(1, (await _rig.GetAsync("deployment-bundles/")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_piece_beyond_the_promised_length_is_refused_and_an_upload_can_be_given_up()
    {
        var bundle = await BundleAsync();
        var upload = await BeginAsync(bundle.Length - 10, null);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(upload, bundle, 0, bundle.Length)).Status);
        Assert.Equal((HttpStatusCode.OK, 0L, null), await AskAsync(upload));
        using var client = _rig.Client("aos-user-oem.p12");
        using var request = Request(HttpMethod.Delete, upload);
        using var deleted = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(upload)).Status);
    }

    private async Task<byte[]> BundleAsync()
    {
        var folder = await _rig.LayerFolderAsync("lib", "1.0.0", RandomNumberGenerator.GetBytes(3_000_000));
        await Tool.OutputAsync(Tool.Strata, "bundle", "sign", "--config", Path.Combine(folder, "config.yaml"));
        return await File.ReadAllBytesAsync(Path.Combine(folder, "batch.tar.gz"), Cancellation);
    }

    private async Task<string> BeginAsync(long length, string? key)
    {
        using var client = _rig.Client("aos-user-oem.p12");
        using var request = Request(HttpMethod.Post, "api/v11/uploads/");
        request.Headers.Add("Upload-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private async Task<(HttpStatusCode Status, long Offset, string? Bundle)> SendAsync(string upload, byte[] bundle, long from, long to)
    {
        using var client = _rig.Client("aos-user-oem.p12");
        using var request = Request(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", from.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Content = new ByteArrayContent(bundle, (int)from, (int)(to - from));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await client.SendAsync(request, Cancellation);
        return Told(answer);
    }

    private async Task<(HttpStatusCode Status, long Offset, string? Bundle)> AskAsync(string upload, string user = "aos-user-oem.p12")
    {
        using var client = _rig.Client(user);
        using var request = Request(HttpMethod.Head, upload);
        using var answer = await client.SendAsync(request, Cancellation);
        return Told(answer);
    }

    private static HttpRequestMessage Request(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    private static (HttpStatusCode Status, long Offset, string? Bundle) Told(HttpResponseMessage answer) => (
        answer.StatusCode,
        answer.Headers.TryGetValues("Upload-Offset", out var offsets) ? long.Parse(offsets.Single(), System.Globalization.CultureInfo.InvariantCulture) : 0,
        answer.Headers.TryGetValues("Strata-Bundle", out var bundles) ? bundles.Single() : null);
}
